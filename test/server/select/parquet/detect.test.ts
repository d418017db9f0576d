import { describe, expect, test } from "vitest";
import { detect } from "../../../../server/select/index.ts";
import { countingSource, fixture } from "./ask-parquet.ts";

const never = new AbortController().signal;

describe("Parquet", () => {
  test("is told with the types that it says itself, and its first rows", async () => {
    const { format, compression, columns, rows } = await detect(
      countingSource(fixture("pages-v1")),
      never,
    );
    expect({ format, compression }).toEqual({ format: "parquet", compression: "NONE" });
    expect(columns).toEqual([
      { name: "id", type: "integer" },
      { name: "small", type: "integer" },
      { name: "price", type: "decimal" },
      { name: "ratio", type: "decimal" },
      { name: "name", type: "string" },
      { name: "ok", type: "bool" },
    ]);
    expect(rows).toHaveLength(10);
    expect(rows[1]).toEqual(["1", "-99", "0.25", "0.125", "name 1 é", "false"]);
    expect(rows[0]).toEqual(["0", null, null, "0.0", null, null]);
  });

  test("shows what is nested as JSON, and columns that cannot be read without values", async () => {
    const nested = await detect(countingSource(fixture("nested-v2")), never);
    expect(nested.columns.map(({ type }) => type)).toEqual([
      "integer",
      ...Array<string>(5).fill("nested"),
    ]);
    expect(nested.rows[1]?.[1]).toBe('{"a":{"b":1,"c":"c1"}}');
    const old = await detect(countingSource(fixture("int96")), never);
    expect(old).toMatchObject({
      columns: [
        { name: "at", type: "timestamp" },
        { name: "id", type: "integer" },
      ],
      rows: [[null, "1"]],
    });
  });
});
