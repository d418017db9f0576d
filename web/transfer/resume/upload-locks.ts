/** One tab's right to work on one upload. */
export interface Hold {
  /** Gives it back; resolves once another tab may have it. Doing so again changes nothing. */
  release(): Promise<void>;
}

/** Who works on which upload: two tabs never do on the same. */
export interface UploadLocks {
  /** Answers at once; null where somebody has it already. What a crashed tab held is free again. */
  tryHold(recordId: string): Promise<Hold | null>;
  /** The records on which others work at the moment. */
  heldElsewhere(): Promise<ReadonlySet<string>>;
}
