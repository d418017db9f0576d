import { removeObject, sendAsBrowser } from "../../s3/index.ts";
import type { Examination } from "../examination.ts";
import { fail, pass, type Finding } from "../finding.ts";

const TRIED = "PUT of 1 byte to a signed URL, then GET of it from another, without credentials.";

/** Whether URLs that we sign do what they say, as they do in a browser. */
export async function checkPresignedUrl(examination: Examination): Promise<Finding> {
  const { presigner, ground } = examination;
  const key = ground.keyFor("presigned");
  const headers = { "content-type": "text/plain" };
  const put = await presigner.signPut(key, headers, 1);
  try {
    const written = await sendAsBrowser(examination, put.url, {
      method: "PUT",
      headers,
      body: "0",
    });
    if (!written.ok) return refused("PUT", written.status);
    const read = await sendAsBrowser(examination, (await presigner.signGet(key, {})).url, {});
    return read.ok ? pass(TRIED, "Both work.") : refused("GET", read.status);
  } finally {
    await removeObject(examination, key);
  }
}

function refused(method: string, status: number): Finding {
  return fail(
    TRIED,
    `The signed ${method} was refused with ${status}: browsers are refused as well.`,
    {
      text:
        "Allow it where a policy asks for more than a signature (an address, a VPC, a header, a signature's age), " +
        "and see that no proxy changes Host, path or query.",
    },
  );
}
