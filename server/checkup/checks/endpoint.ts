import type { Circumstances } from "../examination.ts";
import { faultOf, systemCodeOf } from "../fault.ts";
import { fail, notTried, pass, unsupported, warn, type Finding } from "../finding.ts";

/** What came of knocking without a signature. */
export type Greeting =
  | {
      readonly isAnswered: true;
      readonly status: number;
      /** The storage's clock minus ours, in milliseconds; `null`: it names no time. */
      readonly skewMs: number | null;
    }
  | { readonly isAnswered: false; readonly error: unknown };

/** Knocks at the bucket without a signature: any answer will do. Never rejects. */
export async function greet(
  url: string,
  signal: AbortSignal,
  now: () => number,
): Promise<Greeting> {
  try {
    const sentAt = now();
    const { status, headers } = await fetch(url, { method: "HEAD", redirect: "manual", signal });
    const halfWay = (sentAt + now()) / 2;
    const serverMs = Date.parse(headers.get("date") ?? "");
    return { isAnswered: true, status, skewMs: Number.isNaN(serverMs) ? null : serverMs - halfWay };
  } catch (error) {
    return { isAnswered: false, error };
  }
}

/** Whether the storage answers at all. */
export function judgeEndpoint(greeting: Greeting, url: string, to: Circumstances): Finding {
  const tried = `HEAD ${url} without a signature.`;
  if (greeting.isAnswered) return pass(tried, `The storage answers (${greeting.status}).`);
  const code = systemCodeOf(greeting.error) ?? "";
  const { said } = faultOf(greeting.error);
  return fail(tried, `No answer: ${said}. Nothing else can be tried.`, {
    text: adviceFor(code, to),
  });
}

function adviceFor(code: string, { kind, endpoint }: Circumstances): string {
  const variable = kind === "embedded" ? "STORE_PORT and HOST" : "S3_ENDPOINT";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return `The name cannot be resolved: correct ${variable}, or the machine's DNS.`;
  }
  if (code === "ECONNREFUSED") {
    return `Nothing listens there: start the storage, or correct ${variable}.`;
  }
  if (/CERT|SSL|TLS|SELF_SIGNED|ISSUER/.test(code)) {
    return "Its certificate is not trusted: name the authority's file in NODE_EXTRA_CA_CERTS.";
  }
  const where = endpoint === null ? "AWS" : new URL(endpoint).host;
  return `See whether a firewall or a proxy lets this machine reach ${where}, and whether it is up.`;
}

/** S3 refuses signatures that are further off. */
const MAX_SKEW_MS = 15 * 60_000;

/** A clock that is kept right is within a second or two. */
const USUAL_SKEW_MS = 30_000;

/**
 * Whether this machine's clock agrees with the storage's.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
 */
export function judgeClock(greeting: Greeting): Finding {
  const tried = "The Date of the storage's answer, held against this machine's clock.";
  if (!greeting.isAnswered) return notTried("the storage does not answer.");
  const { skewMs } = greeting;
  if (skewMs === null) return unsupported(tried, "The storage's answers name no time.");
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (Math.abs(skewMs) <= USUAL_SKEW_MS) return pass(tried, `They agree (${seconds} s apart).`);
  const apart = `This machine's clock is ${seconds} s ${skewMs > 0 ? "behind" : "ahead of"} the storage's. `;
  const remedy = {
    text: "Have this machine's clock kept by NTP (or the storage's, where that one is wrong).",
    copy: [{ label: "Command", text: "sudo timedatectl set-ntp true" }],
  };
  if (Math.abs(skewMs) < MAX_SKEW_MS) {
    return warn(tried, `${apart}From 15 minutes on the storage refuses every request.`, remedy);
  }
  return fail(
    tried,
    `${apart}The storage refuses what is signed by it; this server corrects itself by the storage's ` +
      "answers, other programs do not, and grants and sessions end at the wrong time.",
    remedy,
  );
}
