import { SelectError } from "../../../../shared/select/select-error.ts";

/** What is packed says something that no packer says. */
export function damaged(): SelectError {
  return new SelectError("TruncatedInput", "The compressed object is damaged; pack it again.");
}

/** The bytes end where more were announced. */
export function endsTooSoon(): SelectError {
  return new SelectError("TruncatedInput", "The compressed object ends too soon.");
}
