import type { BackendError } from "../backend.ts";

/** Why nobody was signed in, and what to do. */
export function signInProblem({ code, message }: BackendError): string {
  switch (code) {
    case "unauthorized":
      return "That is not the password. Try again.";
    case "rate-limited":
      return message;
    case "server-unreachable":
      return "The server does not answer. Try again in a moment.";
    default:
      return `Signing in did not work: ${message}`;
  }
}
