import type { HashAlgorithm, PartHasher } from "../checksum/index.ts";
import type { PartRange } from "./part-table.ts";
import type { ByteSource } from "../source/byte-source.ts";

/** Checksums of one upload's parts, made once each while their bytes go up. */
export class PartChecksums {
  readonly #hasher: PartHasher;
  readonly #algorithm: HashAlgorithm;
  readonly #source: ByteSource;
  readonly #byPart = new Map<number, { readonly start: number; readonly value: Promise<string> }>();
  readonly #known = new Map<number, string>();

  constructor(hasher: PartHasher, algorithm: HashAlgorithm, source: ByteSource) {
    this.#hasher = hasher;
    this.#algorithm = algorithm;
    this.#source = source;
  }

  get algorithm(): HashAlgorithm {
    return this.#algorithm;
  }

  /** Whether it is computed, or being computed. */
  isBegun(partNumber: number): boolean {
    return this.#byPart.has(partNumber);
  }

  /** Base64 as S3 writes it, where it is computed already. */
  known(partNumber: number): string | undefined {
    return this.#known.get(partNumber);
  }

  /**
   * Base64 as S3 writes it.
   * @throws whatever kept the bytes from being read; the signal's reason
   */
  of(range: PartRange, signal: AbortSignal): Promise<string> {
    const { partNumber, start } = range;
    const begun = this.#byPart.get(partNumber);
    if (begun && begun.start === start) return begun.value;
    const value = this.#hasher.hash(this.#source.slice(range), this.#algorithm, signal);
    this.#byPart.set(partNumber, { start, value });
    value.then(
      (checksum) => this.#known.set(partNumber, checksum),
      () => this.forget(partNumber),
    );
    return value;
  }

  /** The part's bytes are no longer those, or not to be trusted. */
  forget(partNumber: number): void {
    this.#byPart.delete(partNumber);
    this.#known.delete(partNumber);
  }
}
