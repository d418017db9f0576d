/**
 * Lets a person choose files: as handles where the browser has a dialog for them, so that large ones
 * go on after a reload without being chosen again; else by `input`, whose `change` event tells.
 * Folders stay with an input: the dialog for their handles refuses Downloads, Documents and the home
 * folder, which are where people keep what they upload.
 * @returns what was chosen; nothing where the dialog was closed, or the input took over
 */
export async function chooseFiles(
  page: Pick<Window, "showOpenFilePicker">,
  input: Pick<HTMLInputElement, "click">,
): Promise<readonly FileSystemFileHandle[]> {
  if (page.showOpenFilePicker === undefined) {
    input.click();
    return [];
  }
  try {
    return await page.showOpenFilePicker({ multiple: true });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    // Frames of other sites get no handles; an input they do get.
    if (name === "SecurityError") input.click();
    // The dialog was closed, or is open already.
    else if (name !== "AbortError" && name !== "NotAllowedError") throw error;
    return [];
  }
}
