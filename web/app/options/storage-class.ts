/** A storage class as a person reads it. */
export interface StorageClassText {
  readonly label: string;
  readonly sentence: string;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html */
const KNOWN: Readonly<Record<string, StorageClassText>> = {
  STANDARD: { label: "Standard", sentence: "For what is read often." },
  INTELLIGENT_TIERING: {
    label: "Intelligent-Tiering",
    sentence: "Moves by itself to cheaper storage what nobody reads, for a small fee an object.",
  },
  STANDARD_IA: {
    label: "Infrequent Access",
    sentence: "Cheaper to keep, billed for each reading, and for 30 days at least.",
  },
  ONEZONE_IA: {
    label: "One Zone, Infrequent Access",
    sentence: "Cheaper still, but kept in one place alone; billed for 30 days at least.",
  },
  GLACIER_IR: {
    label: "Glacier Instant Retrieval",
    sentence: "For what is read a few times a year, then at once; billed for 90 days at least.",
  },
  GLACIER: {
    label: "Glacier Flexible Retrieval",
    sentence:
      "An archive: it has to be restored, for minutes to hours, before it can be read; billed for 90 days at least.",
  },
  DEEP_ARCHIVE: {
    label: "Glacier Deep Archive",
    sentence:
      "The cheapest archive: it has to be restored, for 12 hours or more, before it can be read; billed for 180 days at least.",
  },
  REDUCED_REDUNDANCY: {
    label: "Reduced Redundancy",
    sentence: "Fewer copies for no better price: AWS itself advises against it.",
  },
  EXPRESS_ONEZONE: {
    label: "Express One Zone",
    sentence: "Answers fastest, kept in one place alone.",
  },
};

/** What a storage class is for; for one that only this storage knows, its name. */
export function describeStorageClass(name: string): StorageClassText {
  if (Object.hasOwn(KNOWN, name)) return KNOWN[name] ?? own(name);
  return own(name);
}

function own(name: string): StorageClassText {
  return { label: name, sentence: "A class of this storage's own: its operator knows what it is." };
}
