/** A path in three pieces: what is short of room may cut the first two, the last one stays. */
export interface FileNamePieces {
  /** With its slash at the end; empty for a lone file. */
  readonly folder: string;
  readonly stem: string;
  /** The end of the name with its extension, which tells `…_final.mov` from `…_draft.mov`. */
  readonly tail: string;
}

const TAIL_LETTERS = 10;

const letters = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Cuts a path for display, never inside what a person sees as one letter. */
export function splitFileName(relativePath: string): FileNamePieces {
  const slash = relativePath.lastIndexOf("/") + 1;
  const name = relativePath.slice(slash);
  // Names can be thousands of letters long: the last 64 code units are more than enough for ten.
  const start = Math.max(0, name.length - 64);
  const cuts = [...letters.segment(name.slice(start))].map((piece) => piece.index);
  const cut = cuts.length > TAIL_LETTERS ? start + (cuts.at(-TAIL_LETTERS) ?? 0) : 0;
  return { folder: relativePath.slice(0, slash), stem: name.slice(0, cut), tail: name.slice(cut) };
}
