import { SignJWT } from "jose";
import { pino } from "pino";
import { createApp } from "../../server/app.ts";
import {
  createGrantVerifier,
  createSignIn,
  createUploadPlaces,
  type AuthOptions,
} from "../../server/auth/index.ts";
import type { Checkup } from "../../server/checkup/index.ts";
import { createAnswerCache } from "../../server/cache/index.ts";
import { detect, select } from "../../server/select/index.ts";
import { createMetrics } from "../../server/metrics/index.ts";
import { createUploadIds } from "../../server/routes/index.ts";
import { scriptConfiguration } from "./scripted-configuration.ts";
import { NOW, scriptStorage } from "./scripted-storage.ts";

const SECRET = "0123456789abcdef0123456789abcdef";

/** Signs admins in where a test lets them. */
export const PASSWORD = "correct horse battery";

/** How admins sign in, at the moment that `nowMs` says. */
export function signInAt(nowMs: () => number = () => NOW.getTime()) {
  return createSignIn(PASSWORD, Buffer.alloc(32, 2), nowMs);
}

const AUTH: AuthOptions = {
  verifyGrant: createGrantVerifier(
    { secret: SECRET, jwksUrl: null, audience: "sluice", issuer: null },
    () => NOW,
  ),
  signIn: null,
  localMode: true,
  allowedOrigins: ["https://app.example"],
  proxyHops: 0,
  requests: { take: async () => 0 },
};

/** A bucket of which there is nothing to say. */
const SCRIPTED_CHECKUP: Checkup = {
  run: async () => ({ checks: [], checkedAt: NOW.toISOString() }),
  openProbe: async () => ({ key: "probe", origins: [], expiresAt: NOW.toISOString() }),
  removeProbe: async () => undefined,
};

/** The app in front of a scripted storage, at a fixed moment and with every random number 0. */
export function serve({
  localMode = true,
  capabilities = {},
  storage = {},
  ping = async () => undefined as void,
  isShuttingDown = (): boolean => false,
  maxOpenUploads = 2000,
  auth = {} as Partial<AuthOptions>,
} = {}) {
  const scripted = scriptStorage(capabilities);
  const lines: string[] = [];
  const app = createApp({
    api: {
      storage: {
        ...scripted.storage,
        // Looked up when asked, so that a test can overrule it.
        capabilities: () => scripted.storage.capabilities(),
        kind: "s3",
        origins: ["https://bucket.s3.example"],
        accelerateOrigins: ["https://fast.s3.example"],
        storageClasses: ["STANDARD", "STANDARD_IA"],
        ping,
        close: () => undefined,
        ...scripted.select,
        configuration: scriptConfiguration(),
        ...storage,
      },
      answers: createAnswerCache(),
      engine: { select, detect },
      ids: createUploadIds(Buffer.alloc(32, 1), "bucket", () => NOW.getTime()),
      places: createUploadPlaces(maxOpenUploads, () => NOW.getTime()),
      sites: () => ["https://app.example"],
      checkup: SCRIPTED_CHECKUP,
      now: () => NOW,
      random: () => 0,
    },
    auth: { ...AUTH, localMode, ...auth },
    metrics: createMetrics(),
    log: pino({}, { write: (line: string) => void lines.push(line) }),
    webDir: "/nowhere",
    isShuttingDown,
  });
  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await app.request(`http://127.0.0.1:8080${path}`, {
      method,
      headers: {
        host: "127.0.0.1:8080",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isPacked = response.headers.has("content-encoding");
    const isJson = !isPacked && /[/+]json/.test(response.headers.get("content-type") ?? "");
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    };
  };
  const open = async (file: object, options: object = {}, headers: Record<string, string> = {}) => {
    const { body } = await ask("POST", "/api/uploads", { files: [file], ...options }, headers);
    return body.uploads[0];
  };
  return { ...scripted, app, lines, ask, open };
}

/** A grant of the app's own secret, as a header. */
export function grant(claims: Record<string, unknown>): Promise<string> {
  return new SignJWT({ sub: "ada", scope: "upload", ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime(new Date(NOW.getTime() + 60_000))
    .sign(new TextEncoder().encode(SECRET))
    .then((token) => `Bearer ${token}`);
}
