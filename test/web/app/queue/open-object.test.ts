import { expect, test } from "vitest";
import { isViewable } from "../../../../web/app/queue/open-object.ts";

test.each([
  ["image/png", true],
  ["text/plain; charset=utf-8", true],
  ["VIDEO/mp4", true],
  ["application/pdf", true],
  ["application/json", true],
  ["application/octet-stream", false],
  ["application/zip", false],
  ["", false],
])("%s: shown in a tab is %s", (contentType, viewable) => {
  expect(isViewable(contentType)).toBe(viewable);
});
