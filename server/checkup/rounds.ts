import type { Check } from "../../shared/admin-api.ts";
import type { DirectAccess } from "../s3/index.ts";
import { judgeBucket, judgeCredentials, obstacleOf, signIn } from "./checks/access.ts";
import { READING, REACH, WRITING, type WritingExaminer } from "./checks/catalogue.ts";
import { greet, judgeClock, judgeEndpoint } from "./checks/endpoint.ts";
import { nameOf, tryOperation } from "./checks/permissions.ts";
import { DELETION, TRIALS, type Operation } from "./checks/trials.ts";
import {
  examine,
  named,
  type Circumstances,
  type Examination,
  type NamedFinding,
} from "./examination.ts";
import { notTried, type Finding } from "./finding.ts";
import { groundFor } from "./ground.ts";
import { policyFor } from "./policy.ts";

/** For one request of the first round, in milliseconds. */
const REACH_TIMEOUT_MS = 10_000;

/** Each round decides on the next: reach, then what may be done, then how the storage behaves. */
export async function examineBucket(
  circumstances: Circumstances,
  access: DirectAccess,
  signal: AbortSignal,
  now: () => number,
): Promise<NamedFinding[]> {
  const examination = { ...circumstances, ...access, signal, ground: groundFor(false) };
  const { findings, obstacle } = await reach(examination, now);
  if (obstacle !== null) return [...findings, ...skipAll(obstacle)];
  const reading = Promise.all(READING.map((examiner) => examine(examiner, examination)));
  // Where nothing can be deleted, each run writes over what the last one left.
  const deletion = await tryOperation(DELETION, examination);
  const onGround = { ...examination, ground: groundFor(deletion.status === "pass") };
  const operations = await Promise.all(TRIALS.map((trial) => tryOperation(trial, onGround)));
  const permitted = new Set(
    TRIALS.flatMap(({ operation }, index) =>
      operations[index]?.status === "pass" ? [operation] : [],
    ),
  );
  const writing = WRITING.map((examiner) => write(examiner, onGround, permitted));
  return [
    ...findings,
    ...operations,
    deletion,
    ...(await Promise.all(writing)),
    ...(await reading),
  ];
}

/** Where the server cannot sign a request, nothing can be asked. */
export function withoutCredentials(error: unknown, circumstances: Circumstances): NamedFinding[] {
  const because = "the server has no credentials for the storage.";
  const { endpoint, clock, credentials, bucket } = REACH;
  return [
    named(endpoint, notTried(because)),
    named(clock, notTried(because)),
    named(credentials, judgeCredentials(error, circumstances)),
    named(bucket, notTried(because)),
    ...skipAll(because),
  ];
}

async function reach(examination: Examination, now: () => number) {
  const { url, signal: whole } = examination;
  const signal = AbortSignal.any([whole, AbortSignal.timeout(REACH_TIMEOUT_MS)]);
  const greeting = await greet(url, signal, now);
  const error = greeting.isAnswered ? await signIn({ ...examination, signal }) : greeting.error;
  const none = notTried("the storage does not answer.");
  const judged = (judge: (error: unknown, to: Circumstances) => Finding) =>
    greeting.isAnswered ? judge(error, examination) : none;
  const endpoint = judgeEndpoint(greeting, url, examination);
  const credentials = judged(judgeCredentials);
  const bucket = credentials.status === "fail" ? notTried(UNKNOWN_CALLER) : judged(judgeBucket);
  const findings = [
    named(REACH.endpoint, endpoint),
    named(REACH.clock, judgeClock(greeting)),
    named(REACH.credentials, credentials),
    named(REACH.bucket, bucket),
  ];
  return { findings, obstacle: obstacleOf({ endpoint, credentials, bucket }) };
}

const UNKNOWN_CALLER = "the storage does not accept the credentials.";

function skipAll(because: string): NamedFinding[] {
  const operations = [...TRIALS, DELETION].map(nameOf);
  const all = [...operations, ...WRITING, ...READING];
  return all.map((name) => named(name, notTried(because)));
}

function write(
  examiner: WritingExaminer,
  examination: Examination,
  permitted: ReadonlySet<Operation>,
): Promise<NamedFinding> {
  const lacking = examiner.needs.filter((operation) => !permitted.has(operation));
  if (lacking.length === 0) return examine(examiner, examination);
  const because = `it needs ${lacking.join(" and ")}, which failed above.`;
  return Promise.resolve(named(examiner, notTried(because)));
}

/** Gives all that is refused one policy, which whoever allows things gets to copy. */
export function prescribe(
  circumstances: Circumstances,
  findings: readonly NamedFinding[],
): Check[] {
  const actions = findings.flatMap(({ denied }) => denied ?? []);
  return findings.map(({ denied, remedy, ...check }) => {
    if (denied === undefined || remedy === undefined)
      return { ...check, ...(remedy && { remedy }) };
    return { ...check, remedy: { ...remedy, copy: [policyFor(circumstances, actions)] } };
  });
}
