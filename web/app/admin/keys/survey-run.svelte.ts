import { KeySurveyLine } from "../../../../shared/admin-api.ts";
import { asError, BackendError, browserFetch, type Fetch } from "../../backend.ts";
import { LineError, readLines } from "../../query/run/answer-lines.ts";

/** What is known of the keys so far. */
export type KeySurvey = Extract<KeySurveyLine, { type: "survey" }>;

/** Where a survey stands. */
export type SurveyState =
  | { readonly kind: "idle" }
  | { readonly kind: "listing" }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly problem: BackendError }
  | { readonly kind: "done" };

/** A survey of the keys behind a prefix, which can be begun again with another. */
export interface SurveyRun {
  readonly state: SurveyState;
  readonly prefix: string;
  /** As far as it came; `null` before the first line. */
  readonly survey: KeySurvey | null;
  /** Ends when the survey has. */
  begin(prefix: string): Promise<void>;
  stop(): void;
}

/** Makes a survey; nothing is asked before `begin`. */
export function createSurveyRun(send: Fetch = browserFetch): SurveyRun {
  let state = $state.raw<SurveyState>({ kind: "idle" });
  let survey = $state.raw<KeySurvey | null>(null);
  let prefix = $state("");
  let run = new AbortController();

  async function follow(path: string, { signal }: AbortController): Promise<SurveyState> {
    try {
      for await (const line of readLines(await open(send, path, signal), KeySurveyLine)) {
        if (signal.aborted) break;
        if (line.type === "error") return failed(new BackendError(line.code, line.detail));
        survey = line;
        if (line.done) return { kind: "done" };
      }
    } catch (error) {
      if (!signal.aborted) return failed(problemOf(error));
    }
    if (signal.aborted) return { kind: "stopped" };
    return failed(new BackendError("server-unreachable", "The answer broke off before its end."));
  }

  return {
    get state() {
      return state;
    },
    get prefix() {
      return prefix;
    },
    get survey() {
      return survey;
    },
    async begin(asked) {
      run.abort();
      const own = new AbortController();
      run = own;
      prefix = asked;
      survey = null;
      state = { kind: "listing" };
      const search = asked === "" ? "" : `?${new URLSearchParams({ prefix: asked })}`;
      const ended = await follow(`/api/admin/bucket/keys${search}`, own);
      // Another one may have been begun meanwhile.
      if (run === own && state.kind === "listing") state = ended;
    },
    stop() {
      run.abort();
      if (state.kind === "listing") state = { kind: "stopped" };
    },
  };
}

async function open(send: Fetch, path: string, signal: AbortSignal) {
  const response = await send(path, { signal });
  if (response.ok && response.body) return response.body;
  throw asError(path, response.status, await response.json().catch(() => undefined));
}

function failed(problem: BackendError): SurveyState {
  return { kind: "failed", problem };
}

function problemOf(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  if (error instanceof LineError) return new BackendError("bad-answer", error.message);
  return new BackendError("server-unreachable", "No answer from the server", { cause: error });
}
