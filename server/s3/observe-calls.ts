import type { S3Client } from "@aws-sdk/client-s3";

/** A request of the SDK's, with all of its repetitions. */
interface EndedCall {
  /** In S3's name, such as `ListParts`. */
  readonly operation: string;
  readonly outcome: "ok" | "failed";
  /** Tries, at least one. */
  readonly attempts: number;
  readonly seconds: number;
}

/** Hears of each of them. */
export type CallObserver = (call: EndedCall) => void;

/** Tells the observer of every request that this client ends. */
export function observeCalls(client: S3Client, observe: CallObserver): void {
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      async (args) => {
        const startedAtMs = performance.now();
        const end = (outcome: EndedCall["outcome"], metadata: unknown) => {
          const operation = commandName.replace(/Command$/, "");
          const seconds = (performance.now() - startedAtMs) / 1000;
          observe({ operation, outcome, attempts: attemptsIn(metadata), seconds });
        };
        try {
          const result = await next(args);
          end("ok", metadataOf(result.output));
          return result;
        } catch (error) {
          end("failed", metadataOf(error));
          throw error;
        }
      },
    { step: "initialize", name: "observeCalls" },
  );
}

function metadataOf(holder: unknown): unknown {
  return typeof holder === "object" && holder !== null && "$metadata" in holder
    ? holder.$metadata
    : undefined;
}

function attemptsIn(metadata: unknown): number {
  const isHolder = typeof metadata === "object" && metadata !== null && "attempts" in metadata;
  return isHolder && typeof metadata.attempts === "number" ? metadata.attempts : 1;
}
