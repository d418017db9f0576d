import * as fc from "fast-check";
import { expect, test } from "vitest";
import { CRC_MODELS, crcStart } from "../../../shared/checksum/crc-model.ts";
import { createCrc } from "../../../shared/checksum/crc.ts";
import { createTableCrc } from "../../../shared/checksum/crc-table.ts";

test.each(["CRC32", "CRC32C", "CRC64NVME"] as const)(
  "%s byte by byte agrees with the one in WebAssembly",
  (algorithm) => {
    const model = CRC_MODELS[algorithm];
    const [slow, fast] = [createTableCrc(model), createCrc(model)];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(slow(crcStart(model), bytes)).toBe(fast(crcStart(model), bytes));
      }),
    );
  },
);
