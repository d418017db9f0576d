/** Installs what a lockfile in `dir` names, where it is missing or another. @throws Error where it cannot be installed */
export function ensureInstalledIn(dir: string, flags?: readonly string[]): void;
