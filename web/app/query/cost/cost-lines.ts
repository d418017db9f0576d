import { downloadCostUsd, rangedReadCostUsd, selectCostUsd } from "../../../../shared/cost.ts";
import { formatTinyUsd } from "../../format/price.ts";
import type { RunCounts } from "../run/run-messages.ts";

/** What something costs on S3, and how that comes about. */
export interface CostLine {
  readonly term: string;
  readonly price: string;
  readonly why: string;
}

/** Ways to answer a query, and what each of them is called. */
const ENGINES = { embedded: "This server's engine", native: "S3 Select" } as const;

/**
 * What a query costs, by S3 Select and by our engine, and what fetching the whole object would.
 * @param engine the one that answered; `null`: nobody knows
 * Prices are those of `shared/cost.ts`, for S3 Standard in us-east-1.
 */
export function costLines(
  counts: RunCounts,
  sizeBytes: number,
  engine: string | null,
): readonly CostLine[] {
  const { bytesScanned, bytesReturned } = counts;
  const named = (way: keyof typeof ENGINES) =>
    way === engine ? `${ENGINES[way]} (answered this)` : ENGINES[way];
  return [
    {
      term: named("embedded"),
      price: formatTinyUsd(rangedReadCostUsd(bytesScanned)),
      why: "GET requests; within the bucket's region the bytes are free",
    },
    {
      term: named("native"),
      price: formatTinyUsd(selectCostUsd(bytesScanned, bytesReturned)),
      why: "$0.002 a GB read, $0.0007 a GB answered",
    },
    {
      term: "Downloading the object",
      price: formatTinyUsd(downloadCostUsd(sizeBytes)),
      why: "$0.09 a GB out of AWS",
    },
  ];
}
