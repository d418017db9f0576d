import { describe, expect, test } from "vitest";
import { uploadsCsv, uploadsJson } from "../../../../../web/app/admin/uploads/upload-files.ts";
import { setHeld } from "../../../../../web/app/admin/uploads/upload-table.ts";
import { anUpload, daysAgo, tableOf } from "./some-uploads.ts";

const ports = { now: () => 0, giveWay: () => Promise.resolve() };
const table = tableOf([
  anUpload('=HYPERLINK("http://x"),1', { owner: "@ann", initiator: "+1" }),
  anUpload("b", { liveness: "paused", heardAt: daysAgo(2), abortsAt: daysAgo(-2) }),
]);
setHeld(table, 1, { partCount: 2, sizeBytes: 1024 ** 3, lastPartAt: daysAgo(1), fileName: "-b" });

describe("a file of uploads", () => {
  test("as CSV holds no formula", async () => {
    const text = await (await uploadsCsv(table, [0, 1], ports)).text();
    expect(text.split("\r\n")).toEqual([
      "key,uploadId,liveness,heardAt,initiatedAt,sizeBytes,partCount,lastPartAt,fileName,fileSizeBytes,owner,initiator,storageClass,costUsdPerMonth,abortsAt",
      `"'=HYPERLINK(""http://x""),1","id of =HYPERLINK(""http://x""),1",unknown,,${daysAgo(1)},,,,,,'@ann,'+1,STANDARD,,`,
      `b,id of b,paused,${daysAgo(2)},${daysAgo(1)},1073741824,2,${daysAgo(1)},'-b,,,,STANDARD,0.023,${daysAgo(-2)}`,
      "",
    ]);
  });

  test("as JSON holds each text as it is, and null for what is not known", async () => {
    const uploads: unknown = JSON.parse(await (await uploadsJson(table, [1, 0], ports)).text());
    expect(uploads).toMatchObject([
      { key: "b", sizeBytes: 1024 ** 3, costUsdPerMonth: 0.023, fileName: "-b" },
      { key: '=HYPERLINK("http://x"),1', sizeBytes: null, abortsAt: null, owner: "@ann" },
    ]);
    expect(JSON.parse(await (await uploadsJson(table, [], ports)).text())).toEqual([]);
  });
});
