import type { SelectEvent } from "../../shared/select/select-request.ts";
import type { EndedQuery, Metrics } from "../metrics/index.ts";
import type { QueryAnswer } from "./query-answer.ts";

/** The same answer, counted when it ends, however it does. */
export function countQuery(
  answer: QueryAnswer,
  { queried }: Pick<Metrics, "queried">,
): QueryAnswer {
  let last = countsOf(answer.first);
  let outcome: EndedQuery["outcome"] = "stopped";
  const { engine, isKept: fromCache, rest } = answer;
  let isCounted = false;
  const end = () => {
    if (!isCounted) queried({ engine, outcome, fromCache, ...last });
    isCounted = true;
  };
  return {
    ...answer,
    rest: {
      async next() {
        try {
          const next = await rest.next();
          last = next.done ? last : countsOf(next, last);
          if (next.done) outcome = "answered";
          return next;
        } catch (error) {
          outcome = "failed";
          throw error;
        }
      },
      async return() {
        end();
        return (await rest.return?.()) ?? { done: true, value: undefined };
      },
    },
  };
}

interface Counts {
  readonly bytesScanned: number;
  readonly bytesReturned: number;
}

const NOTHING: Counts = { bytesScanned: 0, bytesReturned: 0 };

function countsOf({ done, value }: IteratorResult<SelectEvent>, before = NOTHING): Counts {
  if (done || value.type === "records") return before;
  const { bytesScanned, bytesReturned } = value.counts;
  return { bytesScanned, bytesReturned };
}
