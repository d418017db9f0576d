import { downloadCostUsd, rangedReadCostUsd, selectCostUsd } from "../../../../shared/cost.ts";
import { formatTinyUsd } from "../../format/price.ts";
import type { RunCounts } from "../run/run-messages.ts";

/** What something costs on S3, and how that comes about. */
export interface CostLine {
  readonly term: string;
  readonly price: string;
  readonly why: string;
}

/**
 * What a query costs, by S3 Select and by our engine, and what fetching the whole object would.
 * Prices are those of `shared/cost.ts`, for S3 Standard in us-east-1.
 */
export function costLines(counts: RunCounts, sizeBytes: number): readonly CostLine[] {
  const { bytesScanned, bytesReturned } = counts;
  return [
    {
      term: "This server's engine",
      price: formatTinyUsd(rangedReadCostUsd(bytesScanned)),
      why: "GET requests; within the bucket's region the bytes are free",
    },
    {
      term: "S3 Select",
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
