import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../../server/config.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

function faultsOf(env: Record<string, string>): string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ variable }) => variable);
  }
}

describe("readConfig", () => {
  it("serves the embedded store on loopback in local mode when nothing is set", () => {
    expect(readConfig({})).toEqual({
      host: "127.0.0.1",
      port: 8080,
      storage: { kind: "embedded", port: 9000, host: "127.0.0.1", dir: "./data" },
      dataDir: "./data",
      publicEndpoints: [],
      accelerateEndpoints: [],
      equalParts: null,
      secret: null,
      adminPassword: null,
      grants: { jwksUrl: null, audience: "sluice", issuer: null },
      localMode: true,
      proxyHops: 0,
      maxOpenUploads: 2000,
      allowedOrigins: [],
      logLevel: "info",
    });
  });

  it("takes empty variables as unset", () => {
    expect(readConfig({ PORT: "", S3_BUCKET: " ", S3_ENDPOINT: "" })).toEqual(readConfig({}));
  });

  it("speaks to AWS virtual-hosted and to other endpoints path-style", () => {
    expect(readConfig({ S3_BUCKET: "b", AWS_REGION: "eu-central-1" }).storage).toEqual({
      kind: "s3",
      bucket: "b",
      endpoint: null,
      region: "eu-central-1",
      forcePathStyle: false,
    });
    expect(
      readConfig({ S3_BUCKET: "b", S3_ENDPOINT: "http://127.0.0.1:7500/" }).storage,
    ).toMatchObject({ endpoint: "http://127.0.0.1:7500", forcePathStyle: true });
    expect(
      readConfig({
        S3_BUCKET: "b",
        S3_ENDPOINT: "https://s3.example.net",
        S3_FORCE_PATH_STYLE: "false",
      }).storage,
    ).toMatchObject({ forcePathStyle: false });
  });

  it("reads lists of origins", () => {
    const { allowedOrigins, publicEndpoints, accelerateEndpoints } = readConfig({
      SLUICE_ALLOWED_ORIGINS: "https://a.example, https://b.example:8443/",
      S3_PUBLIC_ENDPOINTS: "http://s3.a.example",
      S3_ACCELERATE_ENDPOINTS: "https://fast.a.example/",
    });
    expect(allowedOrigins).toEqual(["https://a.example", "https://b.example:8443"]);
    expect(publicEndpoints).toEqual(["http://s3.a.example"]);
    expect(accelerateEndpoints).toEqual(["https://fast.a.example"]);
  });

  it("leaves local mode where others can reach the server", () => {
    const config = readConfig({ HOST: "192.0.2.7", SLUICE_SECRET: SECRET });
    expect(config.localMode).toBe(false);
    expect(config.secret).toBe(SECRET);
  });

  it("leaves local mode on loopback too, where people say who they are", () => {
    const SLUICE_ADMIN_PASSWORD = "correct horse battery";
    const signedIn = readConfig({ SLUICE_ADMIN_PASSWORD });
    expect([signedIn.localMode, signedIn.adminPassword]).toEqual([false, SLUICE_ADMIN_PASSWORD]);
    const jwksUrl = "http://127.0.0.1:7000/jwks.json";
    const provided = readConfig({
      SLUICE_GRANT_JWKS_URL: jwksUrl,
      SLUICE_GRANT_AUDIENCE: "files",
      SLUICE_GRANT_ISSUER: "https://id.example",
      SLUICE_PROXY_HOPS: "2",
    });
    expect(provided.localMode).toBe(false);
    expect(provided.grants).toEqual({ jwksUrl, audience: "files", issuer: "https://id.example" });
    expect(provided.proxyHops).toBe(2);
  });

  it("repeats no password", () => {
    const read = () => readConfig({ SLUICE_ADMIN_PASSWORD: "too-short" });
    expect(read).not.toThrow(/too-short/);
    expect(read).toThrow(/SLUICE_ADMIN_PASSWORD: use 12/);
  });

  it.each<[string, Record<string, string>, string[]]>([
    ["a port that is none", { PORT: "80a" }, ["PORT"]],
    ["a port out of range", { STORE_PORT: "65536" }, ["STORE_PORT"]],
    ["an endpoint without a bucket", { S3_ENDPOINT: "http://127.0.0.1:7500" }, ["S3_BUCKET"]],
    ["an endpoint that is no URL", { S3_BUCKET: "b", S3_ENDPOINT: "s3.local" }, ["S3_ENDPOINT"]],
    [
      "an endpoint with a password",
      { S3_BUCKET: "b", S3_ENDPOINT: "https://user:hidden@s3.example" },
      ["S3_ENDPOINT"],
    ],
    ["one port for two servers", { PORT: "9000" }, ["STORE_PORT"]],
    ["a truth that is none", { S3_EQUAL_PARTS: "maybe" }, ["S3_EQUAL_PARTS"]],
    [
      "an origin with a path",
      { SLUICE_ALLOWED_ORIGINS: "https://a/b" },
      ["SLUICE_ALLOWED_ORIGINS"],
    ],
    ["any origin", { SLUICE_ALLOWED_ORIGINS: "*" }, ["SLUICE_ALLOWED_ORIGINS"]],
    ["a short secret", { SLUICE_SECRET: "short" }, ["SLUICE_SECRET"]],
    ["no secret beyond loopback", { HOST: "192.0.2.7" }, ["SLUICE_SECRET"]],
    ["half a key pair", { STORE_ACCESS_KEY_ID: "xyz" }, ["STORE_SECRET_ACCESS_KEY"]],
    [
      "keys of the store that no signature can carry",
      { STORE_ACCESS_KEY_ID: "a=b", STORE_SECRET_ACCESS_KEY: "short" },
      ["STORE_ACCESS_KEY_ID", "STORE_SECRET_ACCESS_KEY"],
    ],
    ["an unknown log level", { LOG_LEVEL: "loud" }, ["LOG_LEVEL"]],
    ["a short password", { SLUICE_ADMIN_PASSWORD: "elevenchars" }, ["SLUICE_ADMIN_PASSWORD"]],
    [
      "keys by bare HTTP",
      { SLUICE_GRANT_JWKS_URL: "http://id.example/" },
      ["SLUICE_GRANT_JWKS_URL"],
    ],
    ["keys at no URL", { SLUICE_GRANT_JWKS_URL: "id.example" }, ["SLUICE_GRANT_JWKS_URL"]],
    [
      "keys behind a password",
      { SLUICE_GRANT_JWKS_URL: "https://user:hidden@id.example/" },
      ["SLUICE_GRANT_JWKS_URL"],
    ],
    ["a half proxy", { SLUICE_PROXY_HOPS: "0.5" }, ["SLUICE_PROXY_HOPS"]],
    ["less than no upload", { SLUICE_MAX_OPEN_UPLOADS: "-1" }, ["SLUICE_MAX_OPEN_UPLOADS"]],
    [
      "a store on all addresses that nobody can name",
      { HOST: "0.0.0.0", SLUICE_SECRET: SECRET },
      ["S3_PUBLIC_ENDPOINTS"],
    ],
  ])("refuses %s", (_, env, variables) => {
    expect(faultsOf(env)).toEqual(variables);
  });

  it("reports every fault at once, by name and with a remedy", () => {
    const read = () => readConfig({ PORT: "x", STORE_PORT: "y", SLUICE_SECRET: "z" });
    expect(read).toThrow(/3 fault\(s\)[\s\S]*PORT: use[\s\S]*STORE_PORT: use[\s\S]*openssl/);
  });
});
