import { isAwsEndpoint } from "../shared/aws-endpoint.ts";
import { isLoopbackHost } from "../shared/loopback.ts";

/** Which bucket serves. */
export type StorageConfig =
  | {
      readonly kind: "embedded";
      readonly port: number;
      readonly host: string;
      readonly dir: string;
    }
  | {
      readonly kind: "s3";
      readonly bucket: string;
      /** `null`: AWS itself. */
      readonly endpoint: string | null;
      readonly region: string;
      readonly forcePathStyle: boolean;
    };

/** Which grants count beside those of the secret. */
export interface GrantConfig {
  /** Public keys of an identity provider, which count instead of the secret; `null`: none. */
  readonly jwksUrl: string | null;
  readonly audience: string;
  /** `null`: anybody who can sign. */
  readonly issuer: string | null;
}

/** What the environment asks for, checked. */
export interface Config {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly storage: StorageConfig;
  /** Where the embedded store and the secrets made at first start are kept. */
  readonly dataDir: string;
  /** Origins under which browsers reach the bucket; empty: the endpoint itself. */
  readonly publicEndpoints: readonly string[];
  /** Accelerated origins of the bucket; empty: found out. */
  readonly accelerateEndpoints: readonly string[];
  /** `null`: found out. */
  readonly equalParts: boolean | null;
  /** Signs upload IDs and grants; `null`: made at first start and kept in `dataDir`. */
  readonly secret: string | null;
  /** Signs admins in; `null`: nobody signs in. */
  readonly adminPassword: string | null;
  readonly grants: GrantConfig;
  /** Everyone is admin; only ever on loopback, with neither password nor identity provider. */
  readonly localMode: boolean;
  /** How many proxies of ours add to X-Forwarded-For. */
  readonly proxyHops: number;
  /** Multipart uploads that a caller may have begun and neither completed nor aborted. */
  readonly maxOpenUploads: number;
  /** Other sites that may call the API. */
  readonly allowedOrigins: readonly string[];
  readonly logLevel: LogLevel;
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** How much is logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A variable that cannot be used, and what to do. */
export interface ConfigFault {
  readonly variable: string;
  readonly remedy: string;
}

/** All that is wrong with the environment, at once. */
export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map(({ variable, remedy }) => `  ${variable}: ${remedy}`);
    super(`The configuration has ${faults.length} fault(s):\n${lines.join("\n")}`);
    this.name = "ConfigError";
    this.faults = faults;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads one variable after another and collects what is wrong. */
interface Reader {
  readonly faults: ConfigFault[];
  text(variable: string): string | null;
  port(variable: string, fallback: number): number;
  integer(variable: string, fallback: number, max: number): number;
  boolean(variable: string): boolean | null;
  origins(variable: string): string[];
  fault(variable: string, remedy: string): void;
}

/**
 * Reads the configuration from the environment; an empty variable counts as unset.
 * @throws ConfigError naming every fault at once
 */
export function readConfig(env: Environment): Config {
  const read = reader(env);
  const host = read.text("HOST") ?? "127.0.0.1";
  const publicEndpoints = read.origins("S3_PUBLIC_ENDPOINTS");
  const dataDir = read.text("STORE_DIR") ?? "./data";
  const port = read.port("PORT", 8080);
  const adminPassword = readPassword(read);
  const grants = readGrants(read);
  const config: Config = {
    host,
    port,
    storage: readStorage(read, host, dataDir),
    dataDir,
    publicEndpoints,
    accelerateEndpoints: read.origins("S3_ACCELERATE_ENDPOINTS"),
    equalParts: read.boolean("S3_EQUAL_PARTS"),
    secret: readSecret(read, host),
    adminPassword,
    grants,
    localMode: isLoopbackHost(host) && adminPassword === null && grants.jwksUrl === null,
    proxyHops: read.integer("SLUICE_PROXY_HOPS", 0, 16),
    maxOpenUploads: read.integer("SLUICE_MAX_OPEN_UPLOADS", 2000, 1_000_000),
    allowedOrigins: read.origins("SLUICE_ALLOWED_ORIGINS"),
    logLevel: readLogLevel(read),
  };
  refuseUnreachableStore(read, config);
  refuseOnePortForTwo(read, config);
  if (read.faults.length > 0) throw new ConfigError(read.faults);
  return config;
}

function readStorage(read: Reader, host: string, dir: string): StorageConfig {
  const bucket = read.text("S3_BUCKET");
  const endpoint = readEndpoint(read);
  if (bucket === null) {
    if (endpoint !== null) {
      read.fault("S3_BUCKET", "name the bucket at S3_ENDPOINT, or unset S3_ENDPOINT");
    }
    readStoreKeys(read);
    return { kind: "embedded", port: read.port("STORE_PORT", 9000), host, dir };
  }
  return {
    kind: "s3",
    bucket,
    endpoint,
    region: read.text("S3_REGION") ?? read.text("AWS_REGION") ?? "us-east-1",
    // Servers of one's own rarely have a DNS name for every bucket.
    forcePathStyle: read.boolean("S3_FORCE_PATH_STYLE") ?? !isAwsEndpoint(endpoint),
  };
}

function readEndpoint(read: Reader): string | null {
  const text = read.text("S3_ENDPOINT");
  if (text === null) return null;
  if (!isWebUrl(text)) {
    read.fault("S3_ENDPOINT", `write a URL such as https://s3.example.net, not ${quote(text)}`);
    return null;
  }
  const { username, password, search, hash } = new URL(text);
  if (username + password + search + hash !== "") {
    // The value may hold a password: it is not repeated.
    read.fault("S3_ENDPOINT", "leave out user, password, ? and #; credentials have variables");
  }
  return text.replace(/\/+$/, "");
}

/** The store reads the pair itself; what it would refuse is named here with all other faults. */
function readStoreKeys(read: Reader): void {
  const id = read.text("STORE_ACCESS_KEY_ID");
  const secret = read.text("STORE_SECRET_ACCESS_KEY");
  if ((id === null) !== (secret === null)) {
    const missing = id === null ? "STORE_ACCESS_KEY_ID" : "STORE_SECRET_ACCESS_KEY";
    read.fault(missing, "set both halves of the store's key pair, or neither");
  }
  // Signature V4 separates by these.
  if (id !== null && !/^[^\s,=;]{3,128}$/.test(id)) {
    read.fault("STORE_ACCESS_KEY_ID", "use 3 to 128 characters without white space, comma, ; or =");
  }
  if (secret !== null && secret.length < 8) {
    read.fault("STORE_SECRET_ACCESS_KEY", "use 8 characters or more");
  }
}

function readSecret(read: Reader, host: string): string | null {
  const secret = read.text("SLUICE_SECRET");
  if (secret === null) {
    if (isLoopbackHost(host)) return null;
    read.fault("SLUICE_SECRET", `set 32 characters or more, because HOST ${host} is not loopback`);
  } else if (secret.length < 32) {
    read.fault(
      "SLUICE_SECRET",
      "use 32 characters or more, for example from: openssl rand -hex 32",
    );
  }
  return secret;
}

function readLogLevel(read: Reader): LogLevel {
  const text = read.text("LOG_LEVEL") ?? "info";
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined) read.fault("LOG_LEVEL", `use one of ${LOG_LEVELS.join(", ")}`);
  return level ?? "info";
}

/** Guessed at 600 an hour, twelve characters outlast everybody. */
const MIN_PASSWORD_LENGTH = 12;

/** As long as a sign-in may send. */
const MAX_PASSWORD_LENGTH = 1024;

function readPassword(read: Reader): string | null {
  const password = read.text("SLUICE_ADMIN_PASSWORD");
  if (password === null) return null;
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH) {
    read.fault(
      "SLUICE_ADMIN_PASSWORD",
      `use ${MIN_PASSWORD_LENGTH} characters or more, up to 1024`,
    );
  }
  return password;
}

function readGrants(read: Reader): GrantConfig {
  const jwksUrl = read.text("SLUICE_GRANT_JWKS_URL");
  // Whoever stands between could put keys of their own there. The value may hold a password: it is not repeated.
  if (jwksUrl !== null && !isKeysUrl(jwksUrl)) {
    read.fault(
      "SLUICE_GRANT_JWKS_URL",
      "write an https:// URL without user and password, such as https://id.example.net/jwks.json",
    );
  }
  return {
    jwksUrl,
    audience: read.text("SLUICE_GRANT_AUDIENCE") ?? "sluice",
    issuer: read.text("SLUICE_GRANT_ISSUER"),
  };
}

function isKeysUrl(text: string): boolean {
  if (!isWebUrl(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return username + password === "" && (protocol === "https:" || isLoopbackHost(hostname));
}

function refuseUnreachableStore(read: Reader, { host, storage, publicEndpoints }: Config): void {
  const wildcard = host === "0.0.0.0" || host === "::";
  if (storage.kind === "embedded" && wildcard && publicEndpoints.length === 0) {
    read.fault(
      "S3_PUBLIC_ENDPOINTS",
      `with HOST ${host}, say under which origin browsers reach the store, ` +
        `such as http://this-machine.example:${storage.port}`,
    );
  }
}

function refuseOnePortForTwo(read: Reader, { port, storage }: Config): void {
  if (storage.kind !== "embedded" || port === 0 || port !== storage.port) return;
  read.fault("STORE_PORT", `use another port than PORT, which is ${port} too`);
}

function reader(env: Environment): Reader {
  const faults: ConfigFault[] = [];
  const fault = (variable: string, remedy: string) => void faults.push({ variable, remedy });
  const text = (variable: string) => {
    const value = env[variable]?.trim();
    return value === undefined || value === "" ? null : value;
  };
  return {
    faults,
    fault,
    text,
    port(variable, fallback) {
      const value = text(variable) ?? String(fallback);
      if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
      fault(variable, `use a port from 0 to 65535, not ${quote(value)}`);
      return fallback;
    },
    integer(variable, fallback, max) {
      const value = text(variable) ?? String(fallback);
      if (/^\d{1,9}$/.test(value) && Number(value) <= max) return Number(value);
      fault(variable, `use a whole number from 0 to ${max}, not ${quote(value)}`);
      return fallback;
    },
    boolean(variable) {
      const value = text(variable)?.toLowerCase();
      if (value === undefined) return null;
      if (["1", "true", "yes", "on"].includes(value)) return true;
      if (["0", "false", "no", "off"].includes(value)) return false;
      fault(variable, `use true or false, not ${quote(value)}`);
      return null;
    },
    origins(variable) {
      const values = (text(variable) ?? "").split(",").map((value) => value.trim());
      return values
        .filter((value) => value !== "")
        .flatMap((value) => {
          if (isWebUrl(value) && isBare(new URL(value))) return [new URL(value).origin];
          fault(variable, `use origins such as https://app.example.net, not ${quote(value)}`);
          return [];
        });
    },
  };
}

function isWebUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** Only scheme, host and port. */
function isBare(url: URL): boolean {
  return url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
}

function quote(text: string): string {
  return JSON.stringify(text);
}
