/** Turns the bytes of an object into records, whatever pieces they come in. */
export interface RecordReader {
  /** No more bytes are wanted. */
  readonly isOver: boolean;
  push(piece: Uint8Array): void;
  /** There are no more bytes. */
  end(): void;
  /** The text of the answer since it was last taken, in UTF-8. */
  takeBytes(): Uint8Array;
}
