/**
 * Lets a person choose one file; null where they chose none. Call it in a click.
 * Made for the moment: an input in every row would be in the way of whoever looks for the page's own.
 */
export function chooseFile(): Promise<File | null> {
  const input = document.createElement("input");
  input.type = "file";
  return new Promise((resolve) => {
    input.addEventListener("change", () => resolve(input.files?.[0] ?? null), { once: true });
    input.addEventListener("cancel", () => resolve(null), { once: true });
    input.click();
  });
}
