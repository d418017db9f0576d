import {
  CORS_EXPOSED_HEADERS,
  CORS_MAX_AGE_SECONDS,
  CORS_METHODS,
} from "../../../shared/cors-exchanges.ts";

/** What a bucket's CORS rule for this page depends on. */
export interface CorsSituation {
  readonly bucket: string;
  /** Origin of the page, as the browser sends it. */
  readonly pageOrigin: string;
  /** Origins of the storage, as the backend announces them. */
  readonly storageOrigins: readonly string[];
}

/** Longest list that reads better in one line, in characters. */
const SHORT_LIST = 60;

/** The rule that the bucket needs, as S3 takes it: readable JSON, two spaces a level, short lists in a line. */
export function corsRule(pageOrigin: string): string {
  return readableJson(corsConfiguration(pageOrigin));
}

/** JSON for a person: two spaces a level, short lists of texts in a line. */
export function readableJson(value: object): string {
  const json = JSON.stringify(value, null, 2);
  return json.replace(/\[\s+((?:"[^"]*",?\s+)+)\]/g, (asLines: string, list: string) => {
    const inOne = `[${list.trim().replace(/,\s+/g, ", ")}]`;
    return inOne.length > SHORT_LIST ? asLines : inOne;
  });
}

/**
 * The AWS command that sets the rule, ready to paste into a POSIX shell.
 * It replaces the rules that the bucket has: the page says so beside it.
 * @see https://docs.aws.amazon.com/cli/latest/reference/s3api/put-bucket-cors.html
 */
export function corsCommand(situation: CorsSituation): string {
  return putCorsCommand(situation, corsConfiguration(situation.pageOrigin));
}

/** The AWS command that sets all CORS rules of a bucket, as `corsCommand`. */
export function putCorsCommand(
  { bucket, storageOrigins }: Omit<CorsSituation, "pageOrigin">,
  configuration: object,
): string {
  const endpoint = storageOrigins.find((origin) => !isAws(origin));
  const words = ["aws s3api put-bucket-cors", `--bucket ${shellQuote(bucket)}`];
  if (endpoint !== undefined) words.push(`--endpoint-url ${shellQuote(endpoint)}`);
  const json = JSON.stringify(configuration);
  words.push(`--cors-configuration ${shellQuote(json)}`);
  return words.join(" \\\n  ");
}

function corsConfiguration(pageOrigin: string) {
  return {
    CORSRules: [
      {
        AllowedOrigins: [pageOrigin],
        AllowedMethods: CORS_METHODS,
        AllowedHeaders: ["*"],
        ExposeHeaders: CORS_EXPOSED_HEADERS,
        MaxAgeSeconds: CORS_MAX_AGE_SECONDS,
      },
    ],
  };
}

function isAws(origin: string): boolean {
  return /\.amazonaws\.com(\.cn)?$/.test(new URL(origin).hostname);
}

function shellQuote(text: string): string {
  if (/^[\w.:/-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
