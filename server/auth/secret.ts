import { createHmac, randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";

const FILE_NAME = "sluice-secret";

/**
 * The secret kept in `dir`, made there (mode 0600) at the first start.
 * Two servers that start at once agree on one.
 */
export async function loadOrCreateSecret(dir: string): Promise<string> {
  const path = join(dir, FILE_NAME);
  const kept = await readSecret(path);
  if (kept !== null) return kept;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString("hex")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // A link never replaces: whoever comes second keeps the first one's secret.
    await link(draft, path);
  } catch (error) {
    if (!isErrorCode(error, "EEXIST")) throw error;
  } finally {
    await unlink(draft);
  }
  const made = await readSecret(path);
  if (made === null) throw new Error(`${path} holds no secret; remove it to have one made.`);
  return made;
}

/** A key for one purpose, so that a signature made for one is worth nothing for another. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return createHmac("sha256", secret).update(`sluice ${purpose}`).digest();
}

async function readSecret(path: string): Promise<string | null> {
  try {
    const secret = (await readFile(path, "utf8")).trim();
    return secret.length >= 32 ? secret : null;
  } catch (error) {
    if (isErrorCode(error, "ENOENT")) return null;
    throw error;
  }
}

function isErrorCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
