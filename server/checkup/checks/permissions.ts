import { examine, type Examination, type Examiner, type NamedFinding } from "../examination.ts";
import { faultOf, type Fault } from "../fault.ts";
import { denied, fail, pass, warn, type Finding } from "../finding.ts";
import { withObject, withUpload, type OpenUpload } from "../ground.ts";
import type { Trial } from "./trials.ts";

/** Tries one operation on a place of its own; never rejects. */
export function tryOperation(trial: Trial, examination: Examination): Promise<NamedFinding> {
  return examine({ ...nameOf(trial), run: (within) => judge(trial, within) }, examination);
}

/** How the check of an operation is called. */
export function nameOf({ operation, action }: Trial): Pick<Examiner, "id" | "title"> {
  return { id: `permission-${kebab(operation)}`, title: `${operation} (${action})` };
}

function kebab(operation: string): string {
  return operation.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
}

async function judge(trial: Trial, examination: Examination): Promise<Finding> {
  const key = examination.ground.keyFor(kebab(trial.operation));
  try {
    const isMade = await onPlace(trial, examination, key);
    return pass(
      trial.tried,
      isMade ? "Permitted." : `Permitted, as far as can be told: ${NOTHING_THERE}.`,
    );
  } catch (error) {
    return findingOf(trial, faultOf(error));
  }
}

const NOTHING_THERE =
  "the storage says that there is nothing, which it does not tell whoever may not ask";

/** An upload that never was: S3 looks whether one may ask before it says so. */
const NO_UPLOAD = "sluice-checkup-no-upload";

/** @returns whether the operation met what it was meant for; where nothing could be made, it met nothing */
async function onPlace(trial: Trial, line: Examination, key: string): Promise<boolean> {
  const place: OpenUpload = { Bucket: line.bucket, Key: key, UploadId: NO_UPLOAD };
  const { prerequisite } = trial;
  let hasBegun = false;
  const attempt = (there: OpenUpload) => {
    hasBegun = true;
    return trial.attempt(line, there);
  };
  try {
    if (prerequisite === "upload") await withUpload(line, key, attempt);
    else if (prerequisite === "object") await withObject(line, key, () => attempt(place));
    else await attempt(place);
    return true;
  } catch (error) {
    if (hasBegun || !isAnswerToCaller(faultOf(error))) throw error;
    return onNothing(trial, line, place);
  }
}

async function onNothing(trial: Trial, line: Examination, nowhere: OpenUpload): Promise<boolean> {
  try {
    await trial.attempt(line, nowhere);
  } catch (error) {
    const { kind } = faultOf(error);
    if (kind !== "absent" && kind !== "refused") throw error;
  }
  return false;
}

/** The prerequisite was refused, or there was no room for it: the operation itself is another matter. */
function isAnswerToCaller({ kind }: Fault): boolean {
  return kind === "denied" || kind === "full" || kind === "refused" || kind === "unsupported";
}

function findingOf(trial: Trial, { kind, said }: Fault): Finding {
  const { tried, action, without, operation } = trial;
  if (kind === "denied") {
    const remedy = { text: `Allow ${action} to the server's credentials.` };
    return denied(fail(tried, `${said}. ${without}`, remedy), action);
  }
  if (kind === "full") {
    return fail(tried, `${said}. The storage has no room left.`, {
      text: "Make room: abort incomplete uploads, delete objects, or raise the quota.",
    });
  }
  if (kind === "silent") return fail(tried, `No answer: ${said}. ${without}`);
  if (kind === "unsupported" && operation === "ListMultipartUploads") {
    return warn(
      tried,
      `${said}. The storage does not list incomplete uploads; ours are remembered.`,
    );
  }
  return fail(tried, `${said}. ${without}`);
}
