import type { CorsRule } from "../../../shared/admin-api.ts";
import { lacksOf } from "../../s3/index.ts";
import { json, s3api } from "../command-line.ts";
import type { Circumstances, Examination } from "../examination.ts";
import { faultOf } from "../fault.ts";
import { denied, fail, pass, unsupported, warn, type Finding, type Remedy } from "../finding.ts";

const TRIED = "The bucket's CORS rules, held against what each site sends.";

/** Whether the bucket's CORS rules let the configured sites upload and read. */
export async function checkCorsRules(examination: Examination): Promise<Finding> {
  const { sites, configuration } = examination;
  const read = await readRules(examination);
  if ("status" in read) return read;
  const { rules } = read;
  const remedy = corsRemedy(examination, rules);
  if (rules.length === 0) {
    return fail(TRIED, "There is no rule: browsers cannot upload to the bucket.", remedy);
  }
  const lacking = sites.flatMap((site) => sayLacks(site, lacksOf(rules, site)));
  if (lacking.length === 0) return pass(TRIED, `They let in ${sites.join(", ")}.`);
  const { exposeHeaders } = configuration.cors.propose(sites);
  const open = rules.map((rule) => ({ ...rule, allowedHeaders: ["*"], exposeHeaders }));
  const isShut = sites.some((site) => lacksOf(open, site).length > 0);
  const detail = lacking.join(" ");
  return isShut ? fail(TRIED, detail, remedy) : warn(TRIED, detail, remedy);
}

async function readRules({
  configuration,
}: Examination): Promise<{ readonly rules: readonly CorsRule[] } | Finding> {
  try {
    const { supported, rules } = await configuration.cors.get();
    if (supported) return { rules };
    return unsupported(
      TRIED,
      "The storage has no CORS rules of buckets: see what it answers below.",
    );
  } catch (error) {
    const { kind, said } = faultOf(error);
    if (kind !== "denied") throw error;
    const remedy = { text: "Allow s3:GetBucketCORS; what browsers are answered is seen below." };
    return denied(warn(TRIED, `${said}. They cannot be read.`, remedy), "s3:GetBucketCORS");
  }
}

function sayLacks(site: string, lacks: readonly string[]): string[] {
  return lacks.length === 0 ? [] : [`${site}: ${lacks.join(" ")}`];
}

/** How the bucket lets the sites in. @param rules that are there and stay */
export function corsRemedy(
  examination: Circumstances & Pick<Examination, "configuration">,
  rules: readonly CorsRule[],
): Remedy {
  const { sites, configuration } = examination;
  const others = rules.filter(({ ours }) => !ours);
  const CORSRules = [configuration.cors.propose(sites), ...others].map(toCliRule);
  const document = { CORSRules };
  return {
    text: "Set a rule for the sites that upload; other rules stay as they are.",
    action: { label: "Set the CORS rule", method: "PUT", path: "/api/admin/bucket/cors", body: {} },
    copy: [
      s3api(examination, "put-bucket-cors", "--cors-configuration", JSON.stringify(document)),
      json("CORS configuration", document),
    ],
  };
}

function toCliRule(rule: CorsRule) {
  return {
    ...(rule.id === undefined ? {} : { ID: rule.id }),
    AllowedOrigins: rule.allowedOrigins,
    AllowedMethods: rule.allowedMethods,
    AllowedHeaders: rule.allowedHeaders,
    ExposeHeaders: rule.exposeHeaders,
    ...(rule.maxAgeSeconds === undefined ? {} : { MaxAgeSeconds: rule.maxAgeSeconds }),
  };
}
