import { describeProblem, type ProblemText } from "../../remedy/problem-text.ts";

/** Codes that mean something else to who asks than to who uploads. */
const TEXTS: Readonly<Record<string, ProblemText>> = {
  unauthorized: {
    sentence: "This server does not know who you are.",
    remedy: "It answers requests that carry a valid grant. Ask whoever runs it for one.",
  },
  forbidden: {
    sentence: "You may not query this.",
    remedy: "Your grant needs the scope “query”, and the key has to be within its folder.",
  },
  "not-found": {
    sentence: "There is no such object.",
    remedy: "It may have been deleted or renamed. Choose another one, or look at the key.",
  },
  "precondition-failed": {
    sentence: "The object was replaced while it was read.",
    remedy: "Ask again: the query then reads the new version from its beginning.",
  },
  "query-failed": {
    sentence: "The query cannot be answered.",
    remedy: "Change it, or how the object is read, and run it again.",
  },
  "object-archived": {
    sentence: "This object is archived and has to be restored first.",
    remedy: "Restoring makes a copy that can be read for some days, and is billed.",
  },
  "server-unreachable": {
    sentence: "The server does not answer.",
    remedy: "Check the connection, then run the query again. The rows that had come are kept.",
  },
  "rate-limited": {
    sentence: "Too many queries are under way.",
    remedy: "Wait until one of them has ended, then run this one again.",
  },
  "bad-request": {
    sentence: "The server did not understand the request.",
    remedy: "The detail below names what; it may be a setting of how the object is read.",
  },
  "storage-unreachable": {
    sentence: "The server cannot reach the storage.",
    remedy: "Run the query again in a moment.",
  },
  "storage-busy": {
    sentence: "The storage is too busy.",
    remedy: "Wait a moment and run the query again.",
  },
  "storage-error": {
    sentence: "The storage reported an error.",
    remedy: "Run the query again; if it stays, give the operator the detail below.",
  },
  "shutting-down": {
    sentence: "The server is restarting.",
    remedy: "Run the query again in a moment.",
  },
  internal: {
    sentence: "Something went wrong in the server.",
    remedy: "Run the query again; if it stays, give the operator the request ID below.",
  },
};

/** Codes that mean something else of an object that is looked at before anything was asked. */
const LOOK_TEXTS: Readonly<Record<string, ProblemText>> = {
  "query-failed": {
    sentence: "This object does not look like one that can be queried.",
    remedy: "CSV, JSON and Parquet can be. If it is one of them, say so below.",
  },
  "server-unreachable": {
    sentence: "The server does not answer.",
    remedy: "Check the connection, then look again.",
  },
};

/** The sentence and the remedy of a problem that a look at an object had. */
export function describeLookProblem(code: string): ProblemText {
  return LOOK_TEXTS[code] ?? describeQueryProblem(code);
}

/** The sentence and the remedy of a problem that a query had. */
export function describeQueryProblem(code: string): ProblemText {
  return TEXTS[code] ?? describeProblem(code);
}
