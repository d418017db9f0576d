/** One row of the data that Select is measured on; texts are ASCII, and only a note may need quotes. */
export interface DatasetRow {
  readonly id: number;
  readonly name: string;
  readonly status: string;
  /** Empty where it is not known: then JSON has no such key. */
  readonly city: string;
  /** From 0 to 1,000, in hundredths. */
  readonly cents: number;
  readonly quantity: number;
  /** Like 2024-03-01T12:00:00Z. */
  readonly created: string;
  readonly note: string;
}

/** The columns in order, with the types that DuckDB has for them. */
export const COLUMNS = [
  { name: "id", type: "BIGINT" },
  { name: "name", type: "VARCHAR" },
  { name: "status", type: "VARCHAR" },
  { name: "city", type: "VARCHAR" },
  { name: "price", type: "DOUBLE" },
  { name: "quantity", type: "INTEGER" },
  { name: "created", type: "TIMESTAMP" },
  { name: "note", type: "VARCHAR" },
] as const;

/** 5.8 million rows are 512 MiB of CSV. */
export const ROWS_PER_MIB = 5_800_000 / 512;

const FIRST_NAMES = ["Ada", "Bruno", "Chiara", "Dimitri", "Esther", "Farid", "Greta", "Hamza"];
const LAST_NAMES = ["Almeida", "Brandt", "Castellano", "Dupont", "Eriksen", "Fontaine", "Grunwald"];
const STATUSES = ["active", "inactive", "pending", "archived", "suspended"];
const CITIES = ["Lisbon", "Hamburg", "Bologna", "Marseille", "Bergen", "Thessaloniki", "Basel"];
const NOTES = [
  "paid by transfer",
  "left at the desk",
  "wants a call back",
  "second reminder",
  "for the neighbour",
];

const FIRST_CREATED_MS = Date.UTC(2024, 0, 1);
const CREATED_WITHIN_S = 2 * 365 * 86_400;
const NO_CITY_SHARE = 0.02;
const COMMA_SHARE = 0.05;

/**
 * Rows in order, the same in every run: nearly every name is another, 5 % of the notes hold a comma, 1 % of the prices are
 * above 990.
 */
export function* datasetRows(count: number): Iterable<DatasetRow> {
  const random = seededRandom(42);
  const oneOf = (items: readonly string[]) => items[Math.floor(random() * items.length)] ?? "";
  for (let id = 1; id <= count; id += 1) {
    const createdMs = FIRST_CREATED_MS + Math.floor(random() * CREATED_WITHIN_S) * 1000;
    yield {
      id,
      name: `${oneOf(FIRST_NAMES)} ${oneOf(LAST_NAMES)} ${Math.floor(random() * 100_000)}`,
      status: oneOf(STATUSES),
      city: random() < NO_CITY_SHARE ? "" : oneOf(CITIES),
      cents: Math.floor(random() * 100_001),
      quantity: 1 + Math.floor(random() * 100),
      created: `${new Date(createdMs).toISOString().slice(0, 19)}Z`,
      note: random() < COMMA_SHARE ? `${oneOf(NOTES)}, as agreed` : oneOf(NOTES),
    };
  }
}

/** @see https://en.wikipedia.org/wiki/Xorshift (Marsaglia's of 32 bits) */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A row as a line of CSV. */
export function csvLine(row: DatasetRow): string {
  const note = row.note.includes(",") ? `"${row.note}"` : row.note;
  return `${row.id},${row.name},${row.status},${row.city},${priceText(row)},${row.quantity},${row.created},${note}\n`;
}

/** A row as a line of JSON. */
export function jsonLine(row: DatasetRow): string {
  const city = row.city === "" ? "" : `"city":"${row.city}",`;
  return `{"id":${row.id},"name":"${row.name}","status":"${row.status}",${city}"price":${priceText(row)},"quantity":${row.quantity},"created":"${row.created}","note":"${row.note}"}\n`;
}

/** The column names as a line of CSV. */
export function csvHeader(): string {
  return `${COLUMNS.map(({ name }) => name).join(",")}\n`;
}

function priceText({ cents }: DatasetRow): string {
  return (cents / 100).toFixed(2);
}
