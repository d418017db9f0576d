/** Why the server cannot start, in words for whoever starts it. */
export class StartError extends Error {
  constructor(message: string, options: { cause: unknown }) {
    super(message, options);
    this.name = "StartError";
  }
}

/** An address that was asked for, and the variable that did. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly variable: "PORT" | "STORE_PORT";
}

/** What a person can do where an address cannot be listened on. */
export function toListenError(error: unknown, address: Address): StartError {
  return new StartError(explainAddress(error, address), { cause: error });
}

/** What a person can do where the folder for secrets and the embedded store's data is unusable. */
export function toDataDirError(error: unknown, dataDir: string): StartError {
  return new StartError(explainDataDir(error, dataDir), { cause: error });
}

/** Whether the system refused to listen, and not something about files. */
export function isListenFault(error: unknown): boolean {
  const syscall = error instanceof Error && "syscall" in error ? error.syscall : undefined;
  return syscall === "listen" || syscall === "bind" || syscall === "getaddrinfo";
}

function explainAddress(error: unknown, { host, port, variable }: Address): string {
  switch (codeOf(error)) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is taken: stop what listens there, or set ${variable}.`;
    case "EACCES":
      return `Port ${port} needs privileges that this process lacks: set ${variable} above 1023.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `HOST ${host} is no address of this machine.`;
    default:
      return `Port ${port} on ${host} cannot be listened on: ${messageOf(error)}.`;
  }
}

function explainDataDir(error: unknown, dataDir: string): string {
  switch (codeOf(error)) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `This process may not write to ${dataDir}: grant it that, or set STORE_DIR.`;
    case "EEXIST":
    case "ENOTDIR":
      return `${dataDir} is no folder: set STORE_DIR to one.`;
    case "EDQUOT":
    case "ENOSPC":
      return `The disk that holds ${dataDir} is full: make room, or set STORE_DIR.`;
    default:
      return `The data in ${dataDir} cannot be used: ${messageOf(error)}.`;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}
