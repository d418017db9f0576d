import { BackendError, createDownload } from "../backend.ts";
import { describeProblem } from "../remedy/problem-text.ts";

const BLOCKED = "The browser blocked the new tab.";

/** Whether a browser shows a type in a tab of its own; all others it saves. */
export function isViewable(contentType: string): boolean {
  return /^(image|video|audio|text)\/|^application\/(pdf|json)\b/i.test(contentType);
}

/**
 * Opens an object in a new tab, or has it saved where a browser cannot show it.
 * The answer is a sentence on what went wrong, or empty.
 */
export async function openObject(key: string, contentType: string): Promise<string> {
  // The tab opens within the click, before the answer: otherwise it counts as a pop-up. What is
  // only saved would leave it empty.
  const tab = isViewable(contentType) ? window.open("", "_blank") : undefined;
  if (tab === null) return BLOCKED;
  try {
    const { urls } = await createDownload(key);
    const url = urls[0];
    if (url === undefined) throw new BackendError("bad-answer", "No URL");
    if (tab) show(tab, url);
    else save(url);
    return "";
  } catch (error) {
    tab?.close();
    if (error instanceof BackendError) return describeProblem(error.code).sentence;
    throw error;
  }
}

function show(tab: Window, url: string): void {
  // What lies in the bucket must not reach back into this page.
  tab.opener = null;
  tab.location.replace(url);
}

/** A tab of its own once more: a navigation of this one would ask about uploads under way. */
function save(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.click();
}
