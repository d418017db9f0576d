import type { Check, CheckupResponse } from "../../shared/admin-api.ts";

const MARKS: Readonly<Record<Check["status"], string>> = {
  pass: "✓",
  warn: "!",
  fail: "✗",
  unsupported: "–",
};

/** A check-up for a person to read: a line for each check, what to do below what is not well. */
export function reportOf({ checks }: CheckupResponse, bucket: string): string {
  const shown = new Set<string>();
  const lines = checks.flatMap((check) => [headOf(check), ...remedyOf(check, shown)]);
  return `Check-up of the bucket "${bucket}"\n\n${lines.join("\n")}\n\n${summaryOf(checks)}\n`;
}

function headOf({ title, status, detail }: Check): string {
  return `${MARKS[status]} ${title}: ${detail}`;
}

/** @param shown remedies that stand further up, to which this one is added: one rule mends several checks */
function remedyOf({ tried, remedy }: Check, shown: Set<string>): string[] {
  if (remedy === undefined) return [];
  const { text, copy = [] } = remedy;
  const lines = copy.flatMap(({ label, text: copied }) => [
    `    ${label}:`,
    ...copied.split("\n").map((line) => `      ${line}`),
  ]);
  const copied = lines.join("\n");
  const isAbove = copied !== "" && shown.has(copied);
  shown.add(copied);
  const head = [`    Tried: ${tried}`, `    Remedy: ${text}${isAbove ? " (As above.)" : ""}`];
  return isAbove ? head : [...head, ...lines];
}

function summaryOf(checks: readonly Check[]): string {
  const count = (wanted: Check["status"]) =>
    checks.filter(({ status }) => status === wanted).length;
  return (
    `${count("pass")} passed, ${count("warn")} to look at, ${count("fail")} failed, ` +
    `${count("unsupported")} not supported by this storage`
  );
}
