import { describe, expect, test } from "vitest";
import { describeRetries, rowFacts } from "../../../../web/app/queue/row-facts.ts";
import { scriptedView } from "../scripted-uploader.ts";

describe("rowFacts", () => {
  test("of an upload that has just begun say next to nothing", () => {
    expect(rowFacts(scriptedView({ id: "a" }))).toEqual([{ term: "Connections", text: "none" }]);
  });

  test("tell connections, parts, what was sent again and what was there", () => {
    const view = scriptedView({
      id: "a",
      connections: 4,
      parts: [3, 1, 1, 2],
      retryCount: 2,
      resumedBytes: 8_388_608,
      startedAgain: true,
      key: "films/a.mov",
    });
    expect(rowFacts(view)).toEqual([
      { term: "Connections", text: "4" },
      { term: "Storage", text: "1 of 4 parts there" },
      { term: "Sent again", text: "2 requests" },
      { term: "Was there", text: "8,388,608 bytes" },
      { term: "Started again", text: "once the storage had forgotten it" },
      { term: "Key", text: "films/a.mov" },
    ]);
  });
});

test("describeRetries counts one as one", () => {
  expect(describeRetries({ retryCount: 1 })).toBe("1 request");
  expect(describeRetries({ retryCount: 1200 })).toBe("1,200 requests");
});
