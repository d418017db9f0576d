/** Where incomplete uploads are made. */
export interface Seat {
  /** Resolves to the upload ID. */
  open(key: string): Promise<string>;
  putPart(key: string, uploadId: string, partNumber: number, bytes: Uint8Array): Promise<void>;
  putObject(key: string, bytes: Uint8Array): Promise<void>;
  /** From now on everything happens so long ago, in milliseconds; where time cannot be told, it throws. */
  goBack(ageMs: number): void;
  close(): Promise<void>;
}
