/** A person's choice; `system` follows the device. */
export type SchemeChoice = "system" | "light" | "dark";

/** Where the choice is kept; `public/colour-scheme.js` reads the same key before the first paint. */
export const SCHEME_STORAGE_KEY = "sluice.scheme";

/** What the choice comes to on a device that prefers dark or not. */
export function effectiveScheme(choice: SchemeChoice, systemDark: boolean): "light" | "dark" {
  if (choice !== "system") return choice;
  return systemDark ? "dark" : "light";
}

/** The choice after one press: the other scheme, and back to following the device where that agrees. */
export function toggleScheme(choice: SchemeChoice, systemDark: boolean): SchemeChoice {
  const next = effectiveScheme(choice, systemDark) === "dark" ? "light" : "dark";
  return next === effectiveScheme("system", systemDark) ? "system" : next;
}

/** The remembered choice; `system` where there is none or storage is closed to us. */
export function readScheme(storage: () => Storage): SchemeChoice {
  try {
    const text = storage().getItem(SCHEME_STORAGE_KEY);
    return text === "light" || text === "dark" ? text : "system";
  } catch {
    // Storage may be forbidden (private windows, policies): the page works without it.
    return "system";
  }
}

/** Remembers a choice, where storage is open to us, and shows it on the root element. */
export function applyScheme(choice: SchemeChoice, root: HTMLElement, storage: () => Storage): void {
  if (choice === "system") delete root.dataset["scheme"];
  else root.dataset["scheme"] = choice;
  try {
    if (choice === "system") storage().removeItem(SCHEME_STORAGE_KEY);
    else storage().setItem(SCHEME_STORAGE_KEY, choice);
  } catch {
    // As above: shown for this visit, forgotten after it.
  }
}
