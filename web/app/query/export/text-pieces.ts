/** Text goes into a piece of its own until it is so long, in characters: the browser keeps blobs outside of the heap. */
const PIECE_LENGTH = 1024 * 1024;

/** A long text on its way into a file. */
export class TextPieces {
  readonly #blobs: Blob[] = [];
  #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  add(text: string): void {
    this.#text += text;
    if (this.#text.length < PIECE_LENGTH) return;
    this.#blobs.push(new Blob([this.#text]));
    this.#text = "";
  }

  blob(type: string): Blob {
    return new Blob([...this.#blobs, this.#text], { type });
  }
}
