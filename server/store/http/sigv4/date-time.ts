const DATE_TIME = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** Milliseconds since 1970 of `YYYYMMDDTHHMMSSZ`; `undefined` where it is not one. */
export function parseDateTime(text: string): number | undefined {
  const fields = DATE_TIME.exec(text);
  if (!fields) return undefined;
  const [, year, month, day, hour, minute, second] = fields;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** `YYYYMMDDTHHMMSSZ` of milliseconds since 1970. */
export function formatDateTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}
