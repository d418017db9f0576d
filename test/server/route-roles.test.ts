import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { grant, PASSWORD, serve, signInAt } from "./scripted-app.ts";
import { storedObject } from "./scripted-storage.ts";

/** What a row asks with: `id` is that of an upload which the uploader has begun, of the key `ada/film`. */
interface Asked {
  readonly search?: string;
  readonly body?: (id: string) => object;
}

/** The status for nobody, the uploader's grant, the grant of another prefix, and an admin. */
type Row = readonly [nobody: number, uploader: number, other: number, admin: number, asked?: Asked];

/** A route of admins alone. */
const admin = (status: number, asked: Asked = {}): Row => [401, 403, 403, status, asked];

/** A route that says the same to everybody. */
const anybody = (status: number, asked: Asked = {}): Row => [status, status, status, status, asked];

const body = (value: object): Asked => ({ body: () => value });
const KEY = "ada/a.csv";
const UPLOAD = { key: "ada/film", uploadId: "upload-1" };
const SQL = { key: KEY, sql: "SELECT * FROM S3Object", input: { format: "csv" } };

/** Every route has its row, in one line. */
const ROWS: Readonly<Record<string, Row>> = {
  "GET /*": anybody(503),
  "GET /docs": anybody(200),
  "GET /docs.css": anybody(200),
  "GET /openapi.json": anybody(200),
  "GET /healthz": anybody(200),
  "GET /readyz": anybody(200),
  "GET /metrics": [401, 403, 403, 200],
  "GET /api/session": anybody(200),
  "POST /api/session": anybody(204, body({ password: PASSWORD })),
  "DELETE /api/session": anybody(204),
  "GET /api/config": [401, 200, 200, 200],
  "POST /api/uploads": [401, 201, 201, 201, body({ files: [{ name: "a", sizeBytes: 1 }] })],
  "POST /api/uploads/heartbeat": [
    401,
    204,
    403,
    204,
    { body: (id) => ({ uploads: [{ id, state: "paused" }] }) },
  ],
  "POST /api/uploads/:id/parts": [401, 200, 403, 200, body({ partNumbers: [1] })],
  "GET /api/uploads/:id/parts": [401, 200, 403, 200],
  "POST /api/uploads/:id/complete": [401, 409, 403, 409, body({})],
  "DELETE /api/uploads/:id": [401, 204, 403, 204],
  "POST /api/downloads": [401, 200, 403, 200, body({ key: KEY })],
  "GET /api/objects": [401, 200, 403, 200, { search: "?prefix=ada/a" }],
  "POST /api/objects/restore": [401, 202, 403, 202, body({ key: KEY })],
  "POST /api/select/schema": [401, 200, 403, 200, body({ key: KEY })],
  "POST /api/select": [401, 200, 403, 200, body(SQL)],
  "GET /api/admin/uploads": admin(200),
  // The scripted storage lists no incomplete uploads, and its register knows none.
  "GET /api/admin/uploads/parts": admin(410, { search: "?key=ada/film&uploadId=upload-1" }),
  "POST /api/admin/uploads/parts": admin(200, body({ uploads: [UPLOAD] })),
  "POST /api/admin/uploads/abort": admin(200, body({ uploads: [UPLOAD] })),
  "POST /api/admin/uploads/resume-link": admin(404, body(UPLOAD)),
  "GET /api/admin/metrics": admin(200),
  "GET /api/admin/bucket/keys": admin(200),
  "GET /api/admin/bucket/checkup": admin(200),
  "POST /api/admin/bucket/checkup/probe": admin(201, body({})),
  "DELETE /api/admin/bucket/checkup/probe": admin(204, { search: "?key=probe" }),
  "GET /api/admin/bucket/lifecycle": admin(200),
  "PUT /api/admin/bucket/lifecycle": admin(200, body({ abortIncompleteAfterDays: 7 })),
  "DELETE /api/admin/bucket/lifecycle": admin(200),
  "GET /api/admin/bucket/cors": admin(200),
  "PUT /api/admin/bucket/cors": admin(200, body({})),
  "GET /api/admin/bucket/acceleration": admin(200),
  "PUT /api/admin/bucket/acceleration": admin(200, body({ status: "Enabled" })),
};

function scene() {
  const served = serve({ localMode: false, auth: { signIn: signInAt() } });
  const bytes = new TextEncoder().encode("a,b\n1,2\n");
  served.objects.set(KEY, storedObject({ sizeBytes: bytes.length, contentType: "text/csv" }));
  served.contents.set(KEY, bytes);
  return served;
}

type Scene = ReturnType<typeof scene>;

const uploads = "upload download query";

/** What each role brings along. */
const ROLES: Readonly<Record<string, (served: Scene) => Promise<Record<string, string>>>> = {
  nobody: async () => ({}),
  uploader: async () => ({ authorization: await grant({ scope: uploads, prefix: "ada/" }) }),
  other: async () => ({
    authorization: await grant({ sub: "eve", scope: uploads, prefix: "eve/" }),
  }),
  async admin({ ask }) {
    const origin = "http://127.0.0.1:8080";
    const { headers } = await ask("POST", "/api/session", { password: PASSWORD });
    return { origin, cookie: headers.get("set-cookie")?.split(";")[0] ?? "" };
  },
};

async function statusOf(route: string, role: string, { search = "", body: make }: Asked = {}) {
  const served = scene();
  const authorization = await grant({ scope: uploads, prefix: "ada/" });
  const film = { name: "film", sizeBytes: 20 * 1024 * 1024 };
  const { id } = await served.open(film, {}, { authorization });
  const headers = (await ROLES[role]?.(served)) ?? {};
  const [method = "", path = ""] = route.replace(":id", id).replace("/*", "/").split(" ");
  return (await served.ask(method, path + search, make?.(id), headers)).status;
}

/** All that the app answers; middleware stands for all methods at once. */
function routesOf({ app }: Scene): string[] {
  const routes = app.routes.map(({ method, path }) => ({ method, path }));
  const named = new Set(routes.flatMap(({ method, path }) => (method === "ALL" ? [] : [path])));
  const isRoute = ({ method, path }: { method: string; path: string }) =>
    method !== "ALL" || !(path.includes("*") || named.has(path));
  return [...new Set(routes.filter(isRoute).map(({ method, path }) => `${method} ${path}`))];
}

describe("who may do what", () => {
  it("has a row for every route, and none for a route that is gone", () => {
    const routes = routesOf(scene());
    const missing = routes.filter((route) => !Object.hasOwn(ROWS, route));
    const remedy = missing.map(
      (route) =>
        `  "${route}": admin(200),  or  [401, 200, 403, 200],  for nobody, uploader, another prefix, admin`,
    );
    expect(
      missing,
      `Add to ROWS in test/server/route-roles.test.ts:\n${remedy.join("\n")}`,
    ).toEqual([]);
    expect(Object.keys(ROWS).filter((route) => !routes.includes(route))).toEqual([]);
  });

  it("lets nobody in who is unknown, but for pages, documents, health and signing in", () => {
    const open = Object.entries(ROWS).flatMap(([route, [nobody]]) =>
      nobody === 401 ? [] : [route],
    );
    expect(open).toEqual([
      "GET /*",
      "GET /docs",
      "GET /docs.css",
      "GET /openapi.json",
      "GET /healthz",
      "GET /readyz",
      "GET /api/session",
      "POST /api/session",
      "DELETE /api/session",
    ]);
  });

  it("is administration for admins alone", () => {
    for (const [route, [nobody, uploader, other]] of Object.entries(ROWS)) {
      if (!route.includes(" /api/admin/")) continue;
      expect([route, nobody, uploader, other]).toEqual([route, 401, 403, 403]);
    }
  });

  it.each(Object.entries(ROWS))("%s", async (route, [nobody, uploader, other, asAdmin, asked]) => {
    const statuses: Record<string, number> = {};
    for (const role of Object.keys(ROLES)) statuses[role] = await statusOf(route, role, asked);
    expect(statuses).toEqual({ nobody, uploader, other, admin: asAdmin });
  });

  it("is written down as a table", () => {
    const lines = Object.entries(ROWS).map(
      ([route, statuses]) => `| \`${route}\` | ${statuses.slice(0, 4).join(" | ")} |`,
    );
    const head = "| Route | Nobody | Uploader's grant | Grant of another prefix | Admin |";
    mkdirSync("test-results", { recursive: true });
    const table = [head, "| --- | --- | --- | --- | --- |", ...lines, ""].join("\n");
    writeFileSync("test-results/route-roles.md", table);
    expect(table.split("\n")).toHaveLength(Object.keys(ROWS).length + 3);
  });
});
