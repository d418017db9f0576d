import type { Check } from "../../shared/admin-api.ts";
import type { DirectAccess, Probe } from "../s3/index.ts";
import { faultOf } from "./fault.ts";
import { fail, unsupported, type Finding } from "./finding.ts";
import type { Ground } from "./ground.ts";

/** What is known of the bucket before anybody asks. */
export interface Circumstances {
  readonly kind: "embedded" | "s3";
  readonly bucket: string;
  /** `null`: AWS itself. */
  readonly endpoint: string | null;
  readonly region: string;
  /** What the configuration says; `null`: nothing. */
  readonly equalParts: boolean | null;
  /** Origins of the pages that upload. */
  readonly sites: readonly string[];
}

/** What every check works with. */
export interface Examination extends Circumstances, Probe, Omit<DirectAccess, "close"> {
  readonly ground: Ground;
}

/** One check: a name and how it is made. */
export interface Examiner {
  readonly id: string;
  readonly title: string;
  /** Milliseconds that it may take; left out: 15 s. */
  readonly timeoutMs?: number;
  /** What it throws becomes a finding. */
  run(examination: Examination): Promise<Finding>;
}

/** What a check found, with its name; `denied` becomes a policy once all are known. */
export type NamedFinding = Finding & Pick<Check, "id" | "title">;

const CHECK_TIMEOUT_MS = 15_000;

/** Runs one check within its time and within that of the whole; never rejects. */
export async function examine(examiner: Examiner, examination: Examination): Promise<NamedFinding> {
  const { id, title, timeoutMs = CHECK_TIMEOUT_MS } = examiner;
  const signal = AbortSignal.any([examination.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const found = await orEnd(examiner.run({ ...examination, signal }), signal);
    return named(examiner, found);
  } catch (error) {
    return { id, title, ...findingOf(error) };
  }
}

/** What is asked may have a clock of its own, and a slower one. */
function orEnd<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(signal.reason);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
  });
}

/** A finding under the name of who made it. */
export function named(
  { id, title }: Pick<Examiner, "id" | "title">,
  finding: Finding,
): NamedFinding {
  return { id, title, ...finding };
}

function findingOf(error: unknown): Finding {
  const { kind, said } = faultOf(error);
  const tried = "What this line says.";
  if (kind === "unsupported") return unsupported(tried, `The storage has no such thing: ${said}.`);
  return fail(tried, `It could not be found out: ${said}.`);
}
