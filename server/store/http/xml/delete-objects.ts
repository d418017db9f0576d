import { unquoteEtag } from "../conditional.ts";
import { childrenOf, childText, malformed, parseXml, requiredText } from "./parse.ts";

/** One object of a DeleteObjects request. */
export interface DeletedObject {
  readonly key: string;
  readonly versionId?: string;
  /** Delete only what still has this ETag (without quotes). */
  readonly etag?: string;
}

/** Most keys in one request. */
export const MAX_DELETED_OBJECTS = 1000;

/**
 * Decodes DeleteObjects.
 * @throws MalformedXML; for no object and for more than 1,000 too
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export function parseDeleteObjects(xml: string): {
  readonly objects: readonly DeletedObject[];
  readonly isQuiet: boolean;
} {
  const root = parseXml(xml, "Delete");
  const objects = childrenOf(root, "Object").map((object) => {
    const versionId = childText(object, "VersionId");
    const etag = childText(object, "ETag");
    return {
      key: requiredText(object, "Key"),
      ...(versionId && { versionId }),
      ...(etag && { etag: unquoteEtag(etag) }),
    };
  });
  if (objects.length === 0 || objects.length > MAX_DELETED_OBJECTS) throw malformed();
  return { objects, isQuiet: childText(root, "Quiet")?.trim().toLowerCase() === "true" };
}
