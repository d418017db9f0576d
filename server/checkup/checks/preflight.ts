import type { PublicAddress } from "../../s3/index.ts";
import type { Examination } from "../examination.ts";
import { faultOf } from "../fault.ts";
import { fail, pass, unsupported, warn, type Finding } from "../finding.ts";
import { withObject } from "../ground.ts";
import { corsRemedy } from "./cors-rules.ts";

/** Sites asked for at most: each costs a request for every origin and method. */
const MAX_SITES = 10;

/** What a browser announces before it sends a part, and before it reads a range. */
const PREFLIGHTS = [
  { method: "PUT", headers: "content-type,x-amz-checksum-crc64nvme" },
  { method: "GET", headers: "range" },
] as const;

/** What one question of a browser came to. */
type Outcome =
  | { readonly kind: "allowed" }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "out-of-reach"; readonly why: string };

/** Whether each origin of the bucket answers the preflights that browsers send from each site. */
export async function checkPreflight(examination: Examination): Promise<Finding> {
  const { ground } = examination;
  const key = ground.keyFor("preflight");
  const ask = async (address: PublicAddress, site: string) => {
    const { url } = await address.presigner.signGet(key, {});
    const asked = PREFLIGHTS.map((preflight) => askPreflight(examination, url, site, preflight));
    return worstOf(await Promise.all(asked));
  };
  return summed(examination, "OPTIONS as a browser sends it before PUT and GET", ask);
}

/** Whether answers let a page of each site read what it has to: ETag and Content-Range. */
export async function checkExposedHeaders(examination: Examination): Promise<Finding> {
  const key = examination.ground.keyFor("exposed-headers");
  return withObject(examination, key, () => {
    const ask = async (address: PublicAddress, site: string) =>
      askExposed(examination, (await address.presigner.signGet(key, {})).url, site);
    return summed(examination, "PUT of 1 byte, then GET of it with Range and Origin", ask);
  });
}

/** Asks for each site at each origin, and says what came of it. */
async function summed(
  examination: Examination,
  tried: string,
  ask: (address: PublicAddress, site: string) => Promise<Outcome>,
): Promise<Finding> {
  const { direct } = examination;
  const sites = examination.sites.slice(0, MAX_SITES);
  if (sites.length === 0) return unsupported(tried, "No site is configured.");
  const pairs = direct.flatMap((address) => sites.map((site) => ({ address, site })));
  const asked = pairs.map(async ({ address, site }) => {
    const outcome = await ask(address, site);
    return { outcome, named: `${site} at ${address.origin}` };
  });
  const answers = await Promise.all(asked);
  const saying = (kind: Outcome["kind"]) =>
    answers.flatMap(({ outcome, named }) =>
      outcome.kind === kind && "why" in outcome ? [`${named}: ${outcome.why}.`] : [],
    );
  const said = `${tried}, for ${sites.join(", ")}.`;
  const refused = saying("refused");
  if (refused.length > 0) return fail(said, refused.join(" "), await remedyFor(examination));
  const away = saying("out-of-reach");
  if (away.length === 0) return pass(said, "Browsers may do it, and read the answers.");
  return warn(said, `${away.join(" ")} What browsers reach may be out of this server's reach.`, {
    text: "Run the check-up in the browser, or correct S3_PUBLIC_ENDPOINTS.",
  });
}

/** The rules that are there are part of what is to be copied; where they cannot be read, they are not. */
async function remedyFor(examination: Examination) {
  const found = await examination.configuration.cors.get().catch(() => ({ rules: [] }));
  return corsRemedy(examination, found.rules);
}

async function askPreflight(
  { signal }: Examination,
  url: string,
  site: string,
  { method, headers }: (typeof PREFLIGHTS)[number],
): Promise<Outcome> {
  const answer = await fetchHeaders(url, {
    method: "OPTIONS",
    headers: {
      origin: site,
      "access-control-request-method": method,
      "access-control-request-headers": headers,
    },
    signal,
  });
  if ("kind" in answer) return answer;
  const { fields } = answer;
  if (!answer.isOk) return refused(`${method} is refused with ${answer.status}`);
  if (!letsIn(fields, site)) return refused(`the answer about ${method} names another origin`);
  if (!lists(fields.get("access-control-allow-methods"), [method])) return refused(`no ${method}`);
  if (lists(fields.get("access-control-allow-headers"), headers.split(","))) return ALLOWED;
  return refused(`${method} may not send ${headers.replaceAll(",", ", ")}`);
}

async function askExposed({ signal }: Examination, url: string, site: string): Promise<Outcome> {
  const headers = { origin: site, range: "bytes=0-0" };
  const answer = await fetchHeaders(url, { headers, signal });
  if ("kind" in answer) return answer;
  const { fields } = answer;
  if (!answer.isOk) return refused(`GET is refused with ${answer.status}`);
  if (!letsIn(fields, site)) return refused("the answer does not name this origin");
  const exposed = fields.get("access-control-expose-headers");
  const hidden = ["ETag", "Content-Range"].filter((name) => !lists(exposed, [name]));
  return hidden.length === 0 ? ALLOWED : refused(`the answer hides ${hidden.join(" and ")}`);
}

const ALLOWED: Outcome = { kind: "allowed" };

function refused(why: string): Outcome {
  return { kind: "refused", why };
}

function worstOf(outcomes: readonly Outcome[]): Outcome {
  return (
    outcomes.find(({ kind }) => kind === "refused") ??
    outcomes.find(({ kind }) => kind === "out-of-reach") ??
    ALLOWED
  );
}

/** What a browser would look at before it gives a page anything. */
interface Answer {
  readonly isOk: boolean;
  readonly status: number;
  readonly fields: Headers;
}

async function fetchHeaders(url: string, request: RequestInit): Promise<Answer | Outcome> {
  try {
    const { ok: isOk, status, headers: fields, body } = await fetch(url, request);
    await body?.cancel();
    return { isOk, status, fields };
  } catch (error) {
    if (request.signal?.aborted) throw error;
    return { kind: "out-of-reach", why: faultOf(error).said };
  }
}

function letsIn(fields: Headers, site: string): boolean {
  const allowed = fields.get("access-control-allow-origin");
  return allowed === "*" || allowed === site;
}

/** Whether a list of the answer has all of these, in any case; `*` stands for all. */
function lists(value: string | null, names: readonly string[]): boolean {
  const listed = (value ?? "").split(",").map((name) => name.trim().toLowerCase());
  return listed.includes("*") || names.every((name) => listed.includes(name.toLowerCase()));
}
