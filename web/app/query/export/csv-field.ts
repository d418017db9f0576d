/**
 * A field of a CSV file, in quotes where it has to be.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
