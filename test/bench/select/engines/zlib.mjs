import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

const PIECE_BYTES = 1024 * 1024;

/** Unpacks a file and does nothing with it: whoever unpacks by Node's zlib is no faster. */
export async function open() {
  return {
    async ask({ path }) {
      const packed = createReadStream(path, { highWaterMark: PIECE_BYTES });
      const unpacked = packed.pipe(createGunzip({ chunkSize: PIECE_BYTES }));
      for await (const _ of unpacked);
      return { rows: () => [], bytesRead: packed.bytesRead };
    },
    close: async () => undefined,
  };
}
