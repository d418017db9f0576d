import { describe, expect, it } from "vitest";
import { ProblemError } from "../../../shared/problem.ts";
import { createKeyChooser, createTakenCheck } from "../../../server/routes/choose-key.ts";

function chooserOver(
  keys: readonly string[],
  ifExists: "rename" | "replace" | "fail",
  prefix = "",
) {
  const held = new Set(keys);
  return createKeyChooser(
    ifExists,
    prefix,
    async (key) => held.has(key),
    () => 0,
  );
}

describe("createKeyChooser", () => {
  it("takes the wanted key where it is free", async () => {
    expect(await chooserOver(["b"], "rename").choose("a")).toBe("a");
  });

  it("numbers from 2 past what is taken", async () => {
    const chooser = chooserOver(["a.txt", "a (2).txt"], "rename");
    expect(await chooser.choose("a.txt")).toBe("a (3).txt");
  });

  it("numbers behind the prefix, which a dot does not end", async () => {
    const chooser = chooserOver(["team.a-report"], "rename", "team.a-");
    expect(await chooser.choose("team.a-report")).toBe("team.a-report (2)");
  });

  it("ends a long search with a random number", async () => {
    const taken = Array.from({ length: 30 }, (_, index) => `a (${index})`);
    expect(await chooserOver(["a", ...taken], "rename").choose("a")).toBe("a (100000)");
  });

  it("refuses a taken key where it was told to", async () => {
    await expect(chooserOver(["a"], "fail").choose("a")).rejects.toMatchObject({
      code: "key-exists",
    });
  });

  it("replaces what was there before", async () => {
    expect(await chooserOver(["a"], "replace").choose("a")).toBe("a");
  });

  it.each(["rename", "replace"] as const)(
    "never gives two files of one request the same key (%s)",
    async (ifExists) => {
      const chooser = chooserOver([], ifExists);
      const chosen = await Promise.all([1, 2, 3].map(() => chooser.choose("a.txt")));
      expect(chosen.toSorted()).toEqual(["a (2).txt", "a (3).txt", "a.txt"]);
    },
  );
});

describe("createTakenCheck", () => {
  const wanted = Array.from({ length: 8 }, (_, index) => `new/folder ${index % 2}/${index}.txt`);

  it("asks once for the folder that all files share", async () => {
    const listed: string[] = [];
    const isTaken = await createTakenCheck(wanted, {
      list: async (prefix) => {
        listed.push(prefix);
        return new Set(["new/folder 0/0.txt"]);
      },
      has: () => Promise.reject(new Error("asked for one key")),
    });
    expect(await isTaken("new/folder 0/0.txt")).toBe(true);
    expect(await isTaken("new/folder 1/1.txt")).toBe(false);
    expect(listed).toEqual(["new/"]);
  });

  it.each([
    ["holds too much", async () => null],
    ["may not be listed", () => Promise.reject(new Error("denied"))],
  ])("asks for every key where the folder %s", async (_, list) => {
    const isTaken = await createTakenCheck(wanted, { list, has: async (key) => key === "x" });
    expect([await isTaken("x"), await isTaken("y")]).toEqual([true, false]);
  });

  it("does not ask for every key where the storage cannot be reached", async () => {
    const away = new ProblemError("storage-unreachable", "No answer.");
    const list = () => Promise.reject(away);
    await expect(createTakenCheck(wanted, { list, has: async () => true })).rejects.toBe(away);
  });

  it("does not list for a few files", async () => {
    const list = () => Promise.reject(new Error("listed"));
    const isTaken = await createTakenCheck(["a", "b"], { list, has: async () => true });
    expect(await isTaken("a")).toBe(true);
  });
});
