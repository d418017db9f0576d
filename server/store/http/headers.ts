/** Header fields by lower-case name; several of one name are joined with a comma. */
export type HeaderFields = ReadonlyMap<string, string>;

/** Decodes Node's raw list of header names and values, whose characters are bytes (latin1). */
export function parseHeaders(rawHeaders: readonly string[]): HeaderFields {
  const fields = new Map<string, string>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = decodeValue(rawHeaders[index + 1] ?? "");
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : `${before},${value}`);
  }
  return fields;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// Clients sign the UTF-8 of a value; some then send it as latin1, which is told apart by not being UTF-8.
function decodeValue(value: string): string {
  // oxlint-disable-next-line no-control-regex -- ASCII is what most values are: no copy for these
  if (/^[\x00-\x7f]*$/.test(value)) return value;
  try {
    return utf8.decode(Buffer.from(value, "latin1"));
  } catch {
    return value;
  }
}

/** A text as a header value: its UTF-8 bytes, without the controls that would end the field. */
export function fieldValue(text: string): string {
  // oxlint-disable-next-line no-control-regex -- exactly these are meant
  return Buffer.from(text.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, "")).toString("latin1");
}
