import { MAX_RECORD_BYTES, recordTooLong } from "../input/limits.ts";
import { decodeText } from "../input/csv-row.ts";
import { keyOf } from "../input/json-names.ts";
import { parseJson } from "../input/json-text.ts";
import { JsonWalker } from "../input/json-walker.ts";
import { ABSENT, STRING, UNREAD, WANTED } from "../kernel/assembly/layout.ts";
import { openKernel, writeJsonPlan } from "../kernel/kernel.ts";
import type { KernelMemory } from "../kernel/web-assembly.ts";
import { KernelRecord, recordsOf, viewOf } from "../kernel/kernel-records.ts";
import { planKernel, type KernelPlan } from "../kernel/kernel-plan.ts";
import { extremesOf } from "../kernel/kernel-extremes.ts";
import { takeTotals } from "../kernel/kernel-totals.ts";
import { Answer } from "../output/answer.ts";
import { writerOf } from "../output/writer-of.ts";
import { planJson, wholeValue } from "../scan-json.ts";
import type { Query } from "../sql/syntax.ts";
import { MISSING, Structure, type Value } from "../values/value.ts";
import { contextOf, type Block } from "./block-memory.ts";
import { answerOf, type BlockTask, type ScanBlock } from "./block-scan.ts";

/** Answers queries about blocks of JSON lines, each of which is one value. */
export function openJsonBlocks(task: BlockTask, memory: KernelMemory): ScanBlock {
  const { query } = task;
  const plan = planJson(query, task.now);
  const writer = writerOf(task.output);
  const bytes = Buffer.from(memory.buffer);
  const kernelPlan = planJsonKernel(query);
  const scan =
    kernelPlan === null ? scanInScript(query, bytes) : scanByKernel(kernelPlan, memory, bytes);
  const sums = kernelPlan?.sums ?? null;
  return (block, leftCount) => {
    const answer = new Answer(plan, writer, wholeValue, leftCount);
    const takeSums = () =>
      sums === null ? null : takeTotals(viewOf(memory, contextOf(block.slot)), sums);
    return answerOf(answer, () => scan(block, answer), takeSums);
  };
}

function planJsonKernel(query: Query): KernelPlan<string> | null {
  // Records within a line, and records as they are, are read whole.
  if (query.from.length > 0 || query.items === null) return null;
  const plan = planKernel<string>(query, {
    fieldOf: (path) => keyOf(path, query.alias)?.name ?? null,
    isWhole: (path) => keyOf(path, query.alias)?.isWhole === true,
    isUntyped: false,
  });
  return plan === null || areAmbiguous(plan.fields) ? null : plan;
}

/** Names that only their case tells apart may mean one key: the kernel gives a key to one field alone. */
function areAmbiguous(names: readonly string[]): boolean {
  return new Set(names.map((name) => name.toLowerCase())).size < names.length;
}

type ScanInto = (block: Block, answer: Answer<Value>) => void;

function scanInScript(query: Query, bytes: Uint8Array): ScanInto {
  return ({ start, end, dataEnd }, answer) => {
    let line = start;
    while (line < end) {
      const next = bytes.indexOf(LINE_FEED, line) + 1;
      if (!takeLine(bytes.subarray(line, Math.min(next, dataEnd)), query, answer)) return;
      line = next;
    }
  };
}

const LINE_FEED = 10;

/** Answers whether more are wanted. */
function takeLine(line: Uint8Array, { from }: Query, answer: Answer<Value>): boolean {
  if (from.length === 0) {
    const value = valueOf(line);
    return value === MISSING || answer.take(value);
  }
  const take = (text: string | null) => answer.take(text === null ? MISSING : parseJson(text));
  const walker = new JsonWalker(from, take);
  walker.push(line);
  walker.end();
  return !walker.isOver;
}

/** The value of a line; MISSING where nothing stands in it. */
function valueOf(line: Uint8Array): Value {
  if (line.length > MAX_RECORD_BYTES) throw recordTooLong();
  const text = decodeText(line, 0, line.length).trim();
  return text === "" ? MISSING : parseJson(text);
}

function scanByKernel(plan: KernelPlan<string>, memory: KernelMemory, bytes: Uint8Array): ScanInto {
  const kernel = openKernel(memory);
  const extremes = extremesOf(plan.sums ?? [], (start, end, isText) =>
    valueAt(bytes, start, end, isText),
  );
  return (block, answer) => {
    const context = contextOf(block.slot);
    writeJsonPlan(viewOf(memory, context), plan);
    const record = new KernelRecord(bytes, viewOf(memory, context), plan.fields.length);
    for (const verdict of recordsOf(kernel.scanJson, context, record, block)) {
      answer.merge(extremes(record.view));
      const value =
        verdict === UNREAD
          ? valueOf(bytes.subarray(record.start, Math.min(record.end, block.dataEnd)))
          : neededOf(record, plan.fields, bytes);
      if (value === MISSING) continue;
      const isSure = verdict === WANTED && plan.areTestsAll;
      if (!(isSure ? answer.takeWanted(value) : answer.take(value))) return;
    }
    answer.merge(extremes(record.view));
  };
}

/** Of a record only what the query asks for. */
function neededOf(record: KernelRecord, names: readonly string[], bytes: Uint8Array): Structure {
  const fields = new Map<string, Value>();
  for (const [index, name] of names.entries()) {
    const kind = record.fieldKind(index);
    if (kind === ABSENT) continue;
    const start = record.fieldStart(index);
    fields.set(name, valueAt(bytes, start, record.fieldEnd(index), kind === STRING));
  }
  return new Structure(fields);
}

function valueAt(bytes: Uint8Array, start: number, end: number, isText: boolean): Value {
  // What stands between quotes is read with them.
  const quotes = isText ? 1 : 0;
  return parseJson(decodeText(bytes, start - quotes, end + quotes));
}
