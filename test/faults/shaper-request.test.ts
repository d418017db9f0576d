import fc from "fast-check";
import { expect, test } from "vitest";
import { createRequestReader, type RequestPiece } from "./shaper-request.ts";

const request = (method: string, target: string, body: string, headers = "") =>
  `${method} ${target} HTTP/1.1\r\nHost: store\r\n${headers}` +
  `${body === "" ? "" : `Content-Length: ${body.length}\r\n`}\r\n${body}`;

function bodiesOf(pieces: readonly RequestPiece[]): string[] {
  const bodies: string[] = [];
  for (const piece of pieces) {
    if (piece.kind === "head") bodies.push("");
    if (piece.kind === "body") bodies[bodies.length - 1] += piece.bytes.toString();
  }
  return bodies;
}

test("requests are found however the bytes are cut, and no byte is lost", () => {
  const anyRequest = fc.record({
    method: fc.constantFrom("GET", "PUT", "POST", "OPTIONS"),
    body: fc.string({ unit: fc.constantFrom("a", "\r\n", "PUT / HTTP/1.1\r\n\r\n", ":") }),
  });
  const law = fc.property(
    fc.array(anyRequest, { minLength: 1, maxLength: 5 }),
    fc.array(fc.nat({ max: 60 })),
    (requests, cuts) => {
      const sent = requests.map(({ method, body }) => request(method, "/key?x=1", body)).join("");
      const reader = createRequestReader();
      const pieces: RequestPiece[] = [];
      let rest = Buffer.from(sent);
      for (const cut of [...cuts, rest.length]) {
        pieces.push(...reader.read(rest.subarray(0, cut)));
        rest = rest.subarray(cut);
      }
      expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).toString()).toBe(sent);
      expect(bodiesOf(pieces)).toEqual(requests.map(({ body }) => body));
      const ends = pieces.filter((piece) => piece.kind === "body" && piece.isLast);
      expect(ends).toHaveLength(requests.filter(({ body }) => body !== "").length);
    },
  );
  fc.assert(law);
});

test("method, target, headers and size of a body are read", () => {
  const [piece] = createRequestReader().read(
    Buffer.from(request("PUT", "/b/k?partNumber=2", "12345", "Origin: http://page\r\n")),
  );
  if (piece?.kind !== "head") throw new Error("no head");
  expect(piece.head).toMatchObject({ method: "PUT", target: "/b/k?partNumber=2" });
  expect(piece.head.bodySizeBytes).toBe(5);
  expect(piece.head.headers.get("origin")).toBe("http://page");
});

test.each([
  ["a body of unknown length", "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n"],
  ["another protocol", "\u0016\u0003\u0001 hello\r\n\r\n"],
  ["a head without end", "x".repeat(70_000)],
])("%s is passed on as it is", (_, bytes) => {
  const reader = createRequestReader();
  const pieces = [...reader.read(Buffer.from(bytes)), ...reader.read(Buffer.from("more"))];
  expect(pieces.map(({ kind }) => kind)).toEqual(["opaque", "opaque"]);
  expect(Buffer.concat(pieces.map((piece) => piece.bytes)).toString()).toBe(`${bytes}more`);
});
