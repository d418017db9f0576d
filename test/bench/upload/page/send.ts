/** An answer of the storage. */
export interface SendAnswer {
  readonly etag: string;
}

/**
 * Sends `body` by XHR: the one way on which the browser streams a file from the disk by itself.
 * @throws Error for a line that broke or a status that is not 200 to 299
 */
export function send(
  method: "PUT" | "POST",
  url: string,
  body: Blob | FormData,
): Promise<SendAnswer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.addEventListener("load", () => {
      const { status } = request;
      if (status < 200 || status > 299) reject(new Error(`The storage answered ${status}`));
      else resolve({ etag: request.getResponseHeader("etag") ?? "" });
    });
    request.addEventListener("error", () => reject(new Error("The line broke")));
    request.send(body);
  });
}

/**
 * Posts JSON to the bench's backend and gives the answer.
 * @throws Error for a status that is not 200
 */
export async function ask(path: string, body: unknown): Promise<unknown> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}
