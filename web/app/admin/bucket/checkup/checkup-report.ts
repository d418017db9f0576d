import type { Check } from "../../../../../shared/admin-api.ts";

/** A check, and who made it. */
export interface SeenCheck extends Check {
  readonly seenBy: "server" | "browser";
}

/** Checks about one thing, the worst first. */
export interface CheckGroup {
  readonly name: string;
  readonly checks: readonly SeenCheck[];
  readonly counts: CheckCounts;
}

/** How many came to what. */
export type CheckCounts = Readonly<Record<Check["status"], number>>;

/** From the worst to what matters least. */
const STATUSES = ["fail", "warn", "pass", "unsupported"] as const;

/** A status in one word. */
export const STATUS_WORDS: Readonly<Record<Check["status"], string>> = {
  fail: "Failed",
  warn: "Look at this",
  pass: "Passed",
  unsupported: "Not supported",
};

/** By how their IDs begin; the last takes what nobody here knows. */
const GROUPS: readonly { readonly name: string; readonly ids: RegExp }[] = [
  { name: "Reach and access", ids: /^(endpoint|clock|credentials|bucket|presigned-url)$/ },
  { name: "What browsers may do", ids: /^(cors|browser)-/ },
  { name: "Permissions", ids: /^permission-/ },
  {
    name: "How the storage behaves",
    ids: /^(conditional-writes|checksums|part-sizes|upload-listing|select)$/,
  },
  { name: "How the bucket is set up", ids: /^/ },
];

/** Puts checks into groups: those with failures first, and in each the worst first. */
export function groupChecks(checks: readonly SeenCheck[]): readonly CheckGroup[] {
  const rest = new Set(checks);
  const groups = GROUPS.map(({ name, ids }) => {
    const own = [...rest].filter(({ id }) => ids.test(id));
    for (const check of own) rest.delete(check);
    return { name, checks: own.toSorted(byStatus), counts: countChecks(own) };
  });
  return groups.filter((group) => group.checks.length > 0).toSorted(byWorst);
}

/** Checks whose remedy another one further up has too: one rule mends several of them. */
export function repeatedRemedies(groups: readonly CheckGroup[]): ReadonlySet<SeenCheck> {
  const actions = new Set<string>();
  const repeated = groups
    .flatMap(({ checks }) => checks)
    .filter(({ remedy }) => {
      if (remedy?.action === undefined) return false;
      const { method, path, body } = remedy.action;
      const asked = JSON.stringify([method, path, body ?? {}]);
      const isAbove = actions.has(asked);
      actions.add(asked);
      return isAbove;
    });
  return new Set(repeated);
}

/** Counts by status. */
export function countChecks(checks: readonly Check[]): CheckCounts {
  const counts = { fail: 0, warn: 0, pass: 0, unsupported: 0 };
  for (const { status } of checks) counts[status] += 1;
  return counts;
}

/** Whether somebody should look at it. */
export function needsLook({ fail, warn }: CheckCounts): boolean {
  return fail + warn > 0;
}

/** Counts in words, what is not there left out: `2 failed, 1 to look at, 24 passed`. */
export function countsText({ fail, warn, pass, unsupported }: CheckCounts): string {
  const said = [
    fail > 0 ? `${fail} failed` : "",
    warn > 0 ? `${warn} to look at` : "",
    pass > 0 ? `${pass} passed` : "",
    unsupported > 0 ? `${unsupported} not supported by this storage` : "",
  ];
  return said.filter((text) => text !== "").join(", ");
}

/** The whole result, with where it was seen, for a ticket. */
export interface CheckupReport {
  readonly bucket: string;
  readonly page: string;
  readonly browser: string;
  readonly checkedAt: string;
  readonly checks: readonly SeenCheck[];
}

/** As plain text. */
export function reportText({ bucket, page, browser, checkedAt, checks }: CheckupReport): string {
  const head = [
    `Check-up of the bucket "${bucket}", ${checkedAt}`,
    `Page: ${page}`,
    `Browser: ${browser}`,
    countsText(countChecks(checks)),
  ];
  const groups = groupChecks(checks).map(
    (group) => `${group.name}\n${group.checks.map(checkText).join("\n")}`,
  );
  return `${[head.join("\n"), ...groups].join("\n\n")}\n`;
}

/** As JSON. */
export function reportJson(report: CheckupReport): string {
  return JSON.stringify(report, null, 2);
}

function checkText({ status, title, seenBy, tried, detail, remedy }: SeenCheck): string {
  const lines = [
    `[${STATUS_WORDS[status]}] ${title} (from the ${seenBy})`,
    `    Tried: ${tried}`,
    `    Came back: ${detail}`,
    ...(remedy ? [`    Remedy: ${remedy.text}`] : []),
  ];
  return lines.join("\n");
}

function byStatus(one: Check, other: Check): number {
  return STATUSES.indexOf(one.status) - STATUSES.indexOf(other.status);
}

function byWorst(one: CheckGroup, other: CheckGroup): number {
  return worstOf(one) - worstOf(other);
}

/** What is merely not supported is no worse than what passed. */
function worstOf({ counts }: CheckGroup): number {
  if (counts.fail > 0) return 0;
  return counts.warn > 0 ? 1 : 2;
}
