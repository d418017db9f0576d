/** What a storage makes of forms that a browser posts. */
export interface FormPosts {
  /** They make the object that they describe. */
  readonly work: boolean;
  /** `If-None-Match: *` as a header of the post is kept, so that nothing is overwritten by a race. */
  readonly conditional: boolean;
  /** A checksum field is held against the bytes before anything is made. */
  readonly verifyChecksums: boolean;
}
