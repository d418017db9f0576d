import { credentialsFault } from "./credentials.ts";

/** Where the stand-alone store listens and keeps its data. */
export interface StoreSettings {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly dir: string;
}

/** A variable that cannot be used, and what to do. */
export interface SettingsFault {
  readonly variable: string;
  readonly remedy: string;
}

/** The settings of the environment, or all that is wrong with it; an empty variable counts as unset. */
export function readStoreSettings(
  env: Readonly<Record<string, string | undefined>>,
):
  | { readonly settings: StoreSettings; readonly faults: readonly [] }
  | { readonly settings?: undefined; readonly faults: readonly SettingsFault[] } {
  const faults: SettingsFault[] = [];
  const port = env["STORE_PORT"] || "9000";
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    faults.push({ variable: "STORE_PORT", remedy: `"${port}" is no port; 0 to 65535` });
  }
  const host = env["HOST"] || "127.0.0.1";
  if (/[\s/]/.test(host)) {
    faults.push({ variable: "HOST", remedy: `"${host}" is no host name or address` });
  }
  const credentials = credentialsFault(env);
  if (credentials) faults.push(credentials);
  if (faults.length > 0) return { faults };
  return { settings: { host, port: Number(port), dir: env["STORE_DIR"] || "./data" }, faults: [] };
}
