import { SelectObjectContentCommand } from "@aws-sdk/client-s3";
import type { Examination } from "../examination.ts";
import { faultOf } from "../fault.ts";
import { pass, warn, type Finding } from "../finding.ts";
import { withObject } from "../ground.ts";

const TRIED = "A query over an object of two lines.";

/** Who answers queries: the storage, or the engine of this server. */
export async function checkSelect(examination: Examination): Promise<Finding> {
  const { client, bucket: Bucket, signal, ground } = examination;
  return withObject(
    examination,
    ground.keyFor("select"),
    async (Key) => {
      try {
        const command = new SelectObjectContentCommand({ ...QUERY, Bucket, Key });
        const { Payload = [] } = await client.send(command, { abortSignal: signal });
        let hasEnd = false;
        for await (const event of Payload) hasEnd ||= event.End !== undefined;
        if (hasEnd) return pass(TRIED, "The storage answers queries itself.");
        return pass(TRIED, `The storage broke off its answer: ${OURS}`);
      } catch (error) {
        const { kind, said } = faultOf(error);
        if (kind === "silent") return warn(TRIED, `No answer: ${said}. Queries may wait in vain.`);
        return pass(TRIED, `The storage answers none (${said}): ${OURS}`);
      }
    },
    "name\nslu\n",
  );
}

const OURS = "this server's own engine does, and reads the objects for it.";

const QUERY = {
  Expression: "SELECT s.name FROM S3Object s",
  ExpressionType: "SQL",
  InputSerialization: { CSV: { FileHeaderInfo: "USE" } },
  OutputSerialization: { CSV: {} },
} as const;
