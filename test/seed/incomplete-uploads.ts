/**
 * Fills a bucket with incomplete uploads:
 *
 *     npx tsx test/seed/incomplete-uploads.ts --count=100000 --endpoint=http://127.0.0.1:9000 --bucket=sluice
 *     npx tsx test/seed/incomplete-uploads.ts --count=100000 --store-dir=data --bucket=sluice --max-age-days=90
 *
 * Credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. With --store-dir they are made in the
 * embedded store's directory, which no running store may have open, and on days of the past.
 */
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { registerName } from "../../server/s3/register-name.ts";
import { mapConcurrently } from "../../shared/concurrency.ts";
import { openEngineSeat } from "./engine-seat.ts";
import { openS3Seat } from "./s3-seat.ts";
import type { Seat } from "./seat.ts";

const DAY_MS = 24 * 60 * 60_000;

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000" },
    endpoint: { type: "string", default: "http://127.0.0.1:9000" },
    bucket: { type: "string", default: "sluice" },
    region: { type: "string", default: "us-east-1" },
    "store-dir": { type: "string" },
    /** Days ago at most; with --store-dir alone. */
    "max-age-days": { type: "string", default: "0" },
    /** Of each upload that has any. */
    parts: { type: "string", default: "1" },
    /** Of each part: nobody completes them, so that they may be small. */
    bytes: { type: "string", default: "5" },
    /** How many of the uploads have parts, from 0 to 1. */
    "with-parts": { type: "string", default: "0.2" },
    /** How many are in the register, as ours are, from 0 to 1. */
    ours: { type: "string", default: "0.3" },
    concurrency: { type: "string", default: "64" },
  },
});
const count = Number(values.count);
const concurrency = Number(values.concurrency);
const maxAgeDays = Number(values["max-age-days"]);
const part = randomBytes(Number(values.bytes));

const TEAMS = ["films", "films/raw", "backup/db", "photos/ü", "logs", "models", "a b"];
const FILE_SIZE_BYTES = 3_000_000_000;

function keyOf(index: number): string {
  const team = TEAMS[index % TEAMS.length] ?? "";
  const day = String(1 + (index % 28)).padStart(2, "0");
  return `${team}/2026-${day}/${String(index).padStart(7, "0")}.bin`;
}

/** Whether the `index`-th belongs to a share of all, spread evenly. */
function isInShare(index: number, share: number): boolean {
  return Math.floor((index + 1) * share) > Math.floor(index * share);
}

async function makeUpload(seat: Seat, index: number): Promise<void> {
  const key = keyOf(index);
  const uploadId = await seat.open(key);
  if (isInShare(index, Number(values.ours))) await register(seat, key, uploadId, index);
  if (!isInShare(index, Number(values["with-parts"]))) return;
  for (let partNumber = 1; partNumber <= Number(values.parts); partNumber++) {
    await seat.putPart(key, uploadId, partNumber, part);
  }
}

async function register(seat: Seat, key: string, uploadId: string, index: number): Promise<void> {
  const how = {
    method: "multipart",
    uploadId,
    sizeBytes: FILE_SIZE_BYTES,
    partSizeBytes: 8 * 1024 * 1024,
    partCount: null,
    maxBytes: null,
  };
  const owner = `seed-${index % 5}`;
  const statement = { bucket: values.bucket, key, owner, ifAbsent: true, tag: "seed", how };
  const note = { key, uploadId, statement, fileName: key.slice(key.lastIndexOf("/") + 1) };
  const state = index % 2 === 0 ? "open" : "paused";
  const name = registerName({ key, uploadId }, FILE_SIZE_BYTES, state);
  await seat.putObject(name, Buffer.from(JSON.stringify(note)));
}

async function openSeat(): Promise<Seat> {
  const directory = values["store-dir"];
  if (directory !== undefined) return openEngineSeat(directory, values.bucket);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = process.env;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are needed.");
  }
  const { endpoint, bucket, region } = values;
  return openS3Seat({ endpoint, bucket, region, accessKeyId, secretAccessKey }, concurrency);
}

const seat = await openSeat();
const startedAt = performance.now();
const BATCH = 1000;
for (let start = 0; start < count; start += BATCH) {
  // A batch shares its day.
  if (maxAgeDays > 0) seat.goBack(Math.round(Math.random() * maxAgeDays * DAY_MS));
  const indices = Array.from({ length: Math.min(BATCH, count - start) }, (_, at) => start + at);
  await mapConcurrently(indices, concurrency, (index) => makeUpload(seat, index));
}
await seat.close();
const seconds = (performance.now() - startedAt) / 1000;
process.stdout.write(`${count} uploads in ${seconds.toFixed(1)} s\n`);
