import { TransferError } from "../problem.ts";

/**
 * Opens the file of a handle that was kept over a reload. Where the browser wants to be asked again
 * it asks, in a click or a key press; outside of one, or when the question was waved away, the
 * answer is `ask`.
 * @throws TransferError `file-unreadable` where the file was moved or deleted
 */
export async function openKept(handle: FileSystemFileHandle): Promise<File | "ask" | "denied"> {
  const permission = await permissionOf(handle);
  if (permission === "prompt") return "ask";
  if (permission === "denied") return "denied";
  try {
    return await handle.getFile();
  } catch (cause) {
    if (isNamed(cause, "NotAllowedError")) return "denied";
    const detail = `"${handle.name}" cannot be opened: it was moved or deleted`;
    throw new TransferError("file-unreadable", "permanent", detail, { cause });
  }
}

/** Browsers without the question (Firefox, Safari) keep handles of their own private files alone. */
async function permissionOf(handle: FileSystemFileHandle): Promise<PermissionState> {
  const now = (await handle.queryPermission?.({ mode: "read" })) ?? "granted";
  if (now !== "prompt") return now;
  try {
    return (await handle.requestPermission?.({ mode: "read" })) ?? "prompt";
  } catch (error) {
    if (isNamed(error, "SecurityError")) return "prompt";
    throw error;
  }
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof DOMException && error.name === name;
}
