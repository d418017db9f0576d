/** Whether there is a network at all; "online" is a hint, "offline" is certain. */
export interface Connectivity {
  isOnline(): boolean;
  /** Calls `listener` at every change; the answer ends that. */
  subscribe(listener: () => void): () => void;
}

/** The browser's own word, and "always online" where there is no browser. */
export const browserConnectivity: Connectivity = {
  isOnline: () => (typeof navigator === "undefined" ? true : navigator.onLine !== false),
  subscribe(listener) {
    if (typeof globalThis.addEventListener !== "function") return () => undefined;
    globalThis.addEventListener("online", listener);
    globalThis.addEventListener("offline", listener);
    return () => {
      globalThis.removeEventListener("online", listener);
      globalThis.removeEventListener("offline", listener);
    };
  },
};
