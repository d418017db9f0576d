/**
 * What TypeScript's DOM lacks of the File System Access API, which Chromium alone has: everything
 * is optional, so that nothing is called before it was looked for.
 * @see https://wicg.github.io/file-system-access/
 */
interface FileSystemHandle {
  queryPermission?(descriptor: { readonly mode: "read" }): Promise<PermissionState>;
  /** @throws SecurityError outside of a click or a key press */
  requestPermission?(descriptor: { readonly mode: "read" }): Promise<PermissionState>;
}

interface DataTransferItem {
  /** Works inside the event alone; resolves after it. */
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

interface Window {
  /** @throws AbortError where nothing was chosen, SecurityError in frames of other sites */
  showOpenFilePicker?(options: { readonly multiple: boolean }): Promise<FileSystemFileHandle[]>;
}
