import type { Check, CheckupResponse } from "../../shared/admin-api.ts";

const MARKS: Readonly<Record<Check["status"], string>> = {
  pass: "✓",
  warn: "!",
  fail: "✗",
  unsupported: "–",
};

/** A check-up for a person to read: a line for each check, the remedy below what is not well. */
export function reportOf({ checks }: CheckupResponse, bucket: string): string {
  const lines = checks.flatMap(linesOf);
  return `Check-up of the bucket "${bucket}"\n\n${lines.join("\n")}\n\n${summaryOf(checks)}\n`;
}

function linesOf({ title, status, tried, detail, remedy }: Check): string[] {
  const head = `${MARKS[status]} ${title}: ${detail}`;
  if (status === "pass" || status === "unsupported") return [head];
  return [
    head,
    `    Tried: ${tried}`,
    ...(remedy === undefined ? [] : [`    Remedy: ${remedy.text}`]),
    ...(remedy?.copy ?? []).flatMap(({ label, text }) => [
      `    ${label}:`,
      ...text.split("\n").map((line) => `      ${line}`),
    ]),
  ];
}

function summaryOf(checks: readonly Check[]): string {
  const count = (wanted: Check["status"]) =>
    checks.filter(({ status }) => status === wanted).length;
  return (
    `${count("pass")} passed, ${count("warn")} to look at, ${count("fail")} failed, ` +
    `${count("unsupported")} not supported by this storage`
  );
}
