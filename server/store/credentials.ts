import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";

/** The key pair that signs requests to the store. */
export interface StoreCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Name of the file in the store's directory that keeps the key pair made at the first start. */
export const CREDENTIALS_FILE = "credentials.json";

const Kept = z.object({
  accessKeyId: z.string().check(z.minLength(1)),
  secretAccessKey: z.string().check(z.minLength(1)),
});

/**
 * The key pair of `STORE_ACCESS_KEY_ID` and `STORE_SECRET_ACCESS_KEY`; where neither is set, the one kept
 * in `dir`, made there (mode 0600) at the first start. Two servers that start at once agree on one.
 * @throws Error naming the variable where only one of them is set, or the file where it cannot be read
 */
export async function storeCredentials(
  dir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<StoreCredentials> {
  const fault = credentialsFault(env);
  if (fault) throw new Error(`${fault.variable}: ${fault.remedy}`);
  const accessKeyId = env["STORE_ACCESS_KEY_ID"];
  const secretAccessKey = env["STORE_SECRET_ACCESS_KEY"];
  if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey };
  const path = join(dir, CREDENTIALS_FILE);
  const kept = await readKept(path);
  if (kept) return kept;
  await makeCredentials(dir, path);
  const made = await readKept(path);
  if (!made) throw new Error(`${path} was made and is gone`);
  return made;
}

/** Which of the two variables is missing or unusable; an empty one counts as unset. */
export function credentialsFault(
  env: Readonly<Record<string, string | undefined>>,
): { readonly variable: string; readonly remedy: string } | undefined {
  const names = ["STORE_ACCESS_KEY_ID", "STORE_SECRET_ACCESS_KEY"] as const;
  const [id, secret] = names.map((name) => env[name] || undefined);
  if ((id === undefined) !== (secret === undefined)) {
    const variable = id === undefined ? names[0] : names[1];
    return { variable, remedy: "set both keys of the store, or neither to have them made" };
  }
  // Signature V4 separates by commas, white space and equals signs.
  if (id !== undefined && !/^[^\s,=;]{3,128}$/.test(id)) {
    return { variable: names[0], remedy: "3 to 128 characters without white space, comma or =" };
  }
  if (secret !== undefined && secret.length < 8) {
    return { variable: names[1], remedy: "8 characters or more" };
  }
  return undefined;
}

async function readKept(path: string): Promise<StoreCredentials | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return undefined;
    throw error;
  }
  const kept = Kept.safeParse(parseJson(text));
  if (kept.success) return kept.data;
  throw new Error(`${path} holds no credentials; remove it to have new ones made`);
}

async function makeCredentials(dir: string, path: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const made: StoreCredentials = {
    accessKeyId: `SLUICE${randomBytes(7).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64url"),
  };
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(`${JSON.stringify(made, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await chmod(draft, 0o600);
    // A link never replaces: whoever comes second keeps the first one's keys.
    await link(draft, path);
  } catch (error) {
    if (!isErrorCode(error, "EEXIST")) throw error;
  } finally {
    await unlink(draft);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
