import type { CsvInput } from "../../../shared/select/csv-input.ts";
import { findColumns, type FindColumn } from "../input/csv-names.ts";
import { decodeText, fieldText, type CsvRecord, type CsvRow } from "../input/csv-row.ts";
import { CsvScanner } from "../input/csv-scanner.ts";
import { WANTED, UNREAD } from "../kernel/assembly/layout.ts";
import { openKernel, writeCsvPlan } from "../kernel/kernel.ts";
import type { KernelMemory } from "../kernel/web-assembly.ts";
import { KernelRecord, recordsOf, viewOf } from "../kernel/kernel-records.ts";
import { planKernel, type KernelPlan } from "../kernel/kernel-plan.ts";
import { extremesOf } from "../kernel/kernel-extremes.ts";
import { takeTotals } from "../kernel/kernel-totals.ts";
import { Answer } from "../output/answer.ts";
import { writerOf } from "../output/writer-of.ts";
import { planCsv, wholeRow } from "../scan-csv.ts";
import type { Query } from "../sql/syntax.ts";
import { contextOf, type Block } from "./block-memory.ts";
import { answerOf, type BlockTask, type ScanBlock } from "./block-scan.ts";

/** Columns behind this one are found by the scanner only. */
const MAX_KERNEL_COLUMN = 1000;

/** Answers queries about blocks of CSV. */
export function openCsvBlocks(task: BlockTask, csv: CsvInput, memory: KernelMemory): ScanBlock {
  const { query, header } = task;
  const plan = planCsv(query, header, task.now);
  const writer = writerOf(task.output);
  const wholeOf = (row: CsvRecord) => wholeRow(row, header);
  const bytes = Buffer.from(memory.buffer);
  const kernelPlan = planCsvKernel(query, csv, findColumns(header, query.alias));
  const scan =
    kernelPlan === null ? scanInScript(csv, bytes) : scanByKernel(csv, kernelPlan, memory, bytes);
  const sums = kernelPlan?.sums ?? null;
  return (block, leftCount) => {
    const answer = new Answer(plan, writer, wholeOf, leftCount);
    const takeSums = () =>
      sums === null ? null : takeTotals(viewOf(memory, contextOf(block.slot)), sums);
    return answerOf(answer, () => scan(block, answer), takeSums);
  };
}

/** Null where the kernel does not read what is asked for, or would not read it as it is meant. */
function planCsvKernel(query: Query, csv: CsvInput, find: FindColumn): KernelPlan<number> | null {
  const isPlain = csv.recordDelimiter.length === 1 && csv.quoteEscape === csv.quote;
  if (!isPlain) return null;
  return planKernel<number>(query, {
    fieldOf: (path) => {
      const column = find(path);
      return column < MAX_KERNEL_COLUMN ? column : null;
    },
    isWhole: () => true,
    isUntyped: true,
  });
}

type ScanInto = (block: Block, answer: Answer<CsvRecord>) => void;

function scanInScript(csv: CsvInput, bytes: Uint8Array): ScanInto {
  return ({ start, dataEnd, offset }, answer) => {
    const scanner = new CsvScanner(csv, (row) => answer.take(row), offset);
    scanner.push(bytes.subarray(start, dataEnd));
    scanner.end();
  };
}

function scanByKernel(
  csv: CsvInput,
  plan: KernelPlan<number>,
  memory: KernelMemory,
  bytes: Uint8Array,
): ScanInto {
  const kernel = openKernel(memory);
  const columns = new Map(plan.fields.map((column, index) => [column, index]));
  const extremes = extremesOf(plan.sums ?? [], (start, end) => fieldText(bytes, start, end));
  return (block, answer) => {
    const context = contextOf(block.slot);
    writeCsvPlan(viewOf(memory, context), plan, csv);
    const record = new KernelRecord(bytes, viewOf(memory, context), plan.fields.length);
    const whole = () => wholeRecord(csv, bytes, block, record);
    const texts = () => plainTexts(csv, bytes, record) ?? whole()?.texts() ?? [];
    const row = record.asCsv(columns, csv.quote.charCodeAt(0), texts);
    for (const verdict of recordsOf(kernel.scanCsv, context, record, block)) {
      answer.merge(extremes(record.view));
      const isTaken =
        verdict === WANTED && plan.areTestsAll
          ? answer.takeWanted(row)
          : takeUnsure(answer, verdict === UNREAD ? whole() : row);
      if (!isTaken) return;
    }
    answer.merge(extremes(record.view));
  };
}

/** The record with all its fields; null where there is none after all. */
function wholeRecord(
  csv: CsvInput,
  bytes: Uint8Array,
  block: Block,
  { start, end }: KernelRecord,
): CsvRow | null {
  let found: CsvRow | null = null;
  const take = (row: CsvRow): boolean => {
    found = row;
    return false;
  };
  const scanner = new CsvScanner(csv, take, block.offset + start - block.start);
  scanner.push(bytes.subarray(start, Math.min(end, block.dataEnd)));
  scanner.end();
  return found;
}

/** The texts of all fields of a record that has no quotes in it; null for one that has. */
function plainTexts(
  { recordDelimiter, fieldDelimiter, quote }: CsvInput,
  bytes: Uint8Array,
  { start, end }: KernelRecord,
): string[] | null {
  const text = decodeText(bytes, start, end - 1);
  if (text.includes(quote)) return null;
  const isLine = recordDelimiter === "\n" && text.endsWith("\r");
  return (isLine ? text.slice(0, -1) : text).split(fieldDelimiter);
}

/** @param row null where there is no record after all */
function takeUnsure(answer: Answer<CsvRecord>, row: CsvRecord | null): boolean {
  return row === null || answer.take(row);
}
