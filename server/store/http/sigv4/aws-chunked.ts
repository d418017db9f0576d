/**
 * Decodes `aws-chunked` bodies, whose pieces and trailers carry signatures of their own.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import { createHash, type Hash } from "node:crypto";
import { S3Error } from "../../s3-error.ts";
import { parsePieceHeader, parseTrailerLine } from "./aws-chunked-lines.ts";
import { ALGORITHM, scopeText, sha256Hex, sign, signaturesMatch } from "./signature.ts";
import type { VerifiedRequest } from "./verify.ts";

/** How a body is framed, and what its signatures build on. */
export interface AwsChunkedOptions {
  /** Absent where the pieces are not signed. */
  readonly seed?: VerifiedRequest;
  readonly hasTrailer: boolean;
  /** `x-amz-decoded-content-length`. */
  readonly decodedSizeBytes: number;
}

/** S3 takes no smaller piece than this but the last, in bytes. */
const MIN_PIECE_BYTES = 8192;
const MAX_LINE_BYTES = 1024;
const MAX_TRAILER_BYTES = 8192;
const LINE_FEED = 0x0a;
const EMPTY_SHA256 = sha256Hex("");

type Expecting = "piece-header" | "data" | "data-end" | "trailer" | "nothing";

/** Decodes one body as its bytes arrive, however they are cut. */
export class AwsChunkedDecoder {
  readonly #options: AwsChunkedOptions;
  readonly #trailers = new Map<string, string>();
  #expecting: Expecting = "piece-header";
  #line: number[] = [];
  #leftBytes = 0;
  #decodedBytes = 0;
  #trailerBytes = 0;
  #pieceBytes = MIN_PIECE_BYTES;
  #pieceSignature = "";
  #pieceHash: Hash | undefined;
  #previousSignature: string;

  constructor(options: AwsChunkedOptions) {
    this.#options = options;
    this.#previousSignature = options.seed?.signature ?? "";
  }

  /** Trailing fields by lower-case name; complete once `end` has returned. */
  get trailers(): ReadonlyMap<string, string> {
    return this.#trailers;
  }

  /**
   * The data within `bytes`, without a copy.
   * @throws IncompleteBody, InvalidChunkSizeError, SignatureDoesNotMatch, MalformedTrailerError
   */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    const data: Uint8Array[] = [];
    let offset = 0;
    while (offset < bytes.length) {
      if (this.#expecting === "data") {
        const piece = bytes.subarray(offset, offset + this.#leftBytes);
        this.#takeData(piece);
        data.push(piece);
        offset += piece.length;
      } else {
        this.#takeLineByte(bytes[offset] ?? 0);
        offset += 1;
      }
    }
    return data;
  }

  /** Says that no more bytes come. @throws IncompleteBody where the body has not ended, SignatureDoesNotMatch */
  end(): void {
    // Some clients leave out the empty line that ends the body.
    if (this.#expecting === "trailer" && this.#line.length === 0) this.#closeTrailer();
    const isComplete =
      this.#expecting === "nothing" || (this.#expecting === "data-end" && this.#pieceBytes === 0);
    if (!isComplete || this.#decodedBytes !== this.#options.decodedSizeBytes) throw incomplete();
  }

  #takeData(piece: Uint8Array): void {
    this.#pieceHash?.update(piece);
    this.#leftBytes -= piece.length;
    if (this.#leftBytes > 0) return;
    this.#closePiece();
    this.#expecting = "data-end";
  }

  #takeLineByte(byte: number): void {
    if (this.#expecting === "nothing" || this.#line.length > MAX_LINE_BYTES) throw incomplete();
    if (this.#expecting === "trailer" && (this.#trailerBytes += 1) > MAX_TRAILER_BYTES) {
      throw new S3Error("MalformedTrailerError");
    }
    this.#line.push(byte);
    if (byte !== LINE_FEED) return;
    const text = Buffer.from(this.#line)
      .toString("latin1")
      .replace(/\r?\n$/, "");
    this.#line = [];
    this.#takeLine(text);
  }

  #takeLine(text: string): void {
    if (this.#expecting === "piece-header") this.#openPiece(text);
    else if (this.#expecting === "trailer") this.#takeTrailer(text);
    else if (text !== "") throw incomplete();
    else this.#expecting = this.#pieceBytes === 0 ? "nothing" : "piece-header";
  }

  #openPiece(text: string): void {
    const { seed, hasTrailer, decodedSizeBytes } = this.#options;
    const { sizeBytes, signature } = parsePieceHeader(text, seed !== undefined);
    if (sizeBytes > 0 && this.#pieceBytes < MIN_PIECE_BYTES) {
      throw new S3Error("InvalidChunkSizeError");
    }
    this.#decodedBytes += sizeBytes;
    if (this.#decodedBytes > decodedSizeBytes) throw incomplete();
    this.#pieceBytes = sizeBytes;
    this.#leftBytes = sizeBytes;
    this.#pieceSignature = signature;
    if (seed) this.#pieceHash = createHash("sha256");
    if (sizeBytes === 0) this.#closePiece();
    this.#expecting = sizeBytes > 0 ? "data" : hasTrailer ? "trailer" : "data-end";
  }

  #closePiece(): void {
    if (!this.#pieceHash) return;
    const hash = this.#pieceHash.digest("hex");
    this.#check(`${ALGORITHM}-PAYLOAD`, `${EMPTY_SHA256}\n${hash}`, this.#pieceSignature);
    this.#previousSignature = this.#pieceSignature;
  }

  #takeTrailer(text: string): void {
    if (text !== "") {
      this.#trailers.set(...parseTrailerLine(text));
      return;
    }
    // S3's own description ends the fields with a line feed and an empty line, the signature following.
    const awaitsSignature = this.#options.seed && !this.#trailers.has("x-amz-trailer-signature");
    if (!awaitsSignature) this.#closeTrailer();
  }

  #closeTrailer(): void {
    this.#expecting = "nothing";
    if (!this.#options.seed) return;
    const signature = this.#trailers.get("x-amz-trailer-signature") ?? "";
    this.#trailers.delete("x-amz-trailer-signature");
    const lines = [...this.#trailers].map(([name, value]) => `${name}:${value}\n`);
    this.#check(`${ALGORITHM}-TRAILER`, sha256Hex(lines.join("")), signature);
  }

  #check(kind: string, hashes: string, given: string): void {
    const { seed } = this.#options;
    if (!seed) return;
    const context = `${kind}\n${seed.dateTime}\n${scopeText(seed.scope)}`;
    const toSign = `${context}\n${this.#previousSignature}\n${hashes}`;
    if (signaturesMatch(sign(seed.signingKey, toSign), given)) return;
    throw new S3Error("SignatureDoesNotMatch", {
      fields: { AWSAccessKeyId: seed.accessKeyId, StringToSign: toSign, SignatureProvided: given },
    });
  }
}

const incomplete = (): S3Error => new S3Error("IncompleteBody");
