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
  // Names can be thousands of letters long: ten are found in the last 256 code units.
  const start = Math.max(0, name.length - 256);
  const cuts = [...letters.segment(name.slice(start))].map((piece) => piece.index);
  const whole = start === 0 && cuts.length <= TAIL_LETTERS;
  // The first piece of the window may be half a letter: the second one begins with a whole one.
  const first = cuts.at(-Math.min(TAIL_LETTERS, cuts.length - 1)) ?? 0;
  const cut = whole ? 0 : start + first;
  return { folder: relativePath.slice(0, slash), stem: name.slice(0, cut), tail: name.slice(cut) };
}
