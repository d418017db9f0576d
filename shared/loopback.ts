/** Whether a host name or address (IPv6 with or without brackets) can only mean this machine. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  if (name === "localhost" || name.endsWith(".localhost") || name === "::1") return true;
  return /^127(\.\d{1,3}){3}$/.test(name);
}
