import { SelectError, type Position } from "../../../shared/select/select-error.ts";
import type { SelectErrorCode } from "../../../shared/select/select-error-code.ts";

/** An error as data that threads can hand to each other. */
export type PlainError =
  | {
      readonly kind: "select";
      readonly code: SelectErrorCode;
      readonly detail: string;
      readonly position: Position | null;
    }
  | { readonly kind: "other"; readonly error: unknown };

export function toPlainError(error: unknown): PlainError {
  if (error instanceof SelectError) {
    const { code, detail, position } = error;
    return { kind: "select", code, detail, position };
  }
  return { kind: "other", error: cloneable(error) };
}

export function fromPlainError(plain: PlainError): unknown {
  return plain.kind === "select"
    ? new SelectError(plain.code, plain.detail, plain.position)
    : plain.error;
}

/** Errors are cloned with their message and stack, unless something hangs on them that cannot be. */
function cloneable(error: unknown): unknown {
  try {
    return structuredClone(error);
  } catch {
    return new Error(error instanceof Error ? error.message : String(error));
  }
}
