/** Whether DuckDB is there in the locked version. */
export function isDuckDbInstalled(): boolean;

/** Installs DuckDB where it is missing. */
export function ensureDuckDb(): void;
