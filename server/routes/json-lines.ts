/**
 * Values as newline-delimited JSON, made as fast as they are read.
 * @param onLeave whoever reads has left before the end
 */
export function jsonLines(
  values: AsyncGenerator<object, void, undefined>,
  onLeave: () => void | Promise<void>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await values.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
    },
    cancel: onLeave,
  });
}
