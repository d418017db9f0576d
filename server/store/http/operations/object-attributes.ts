import { S3Error } from "../../s3-error.ts";
import type { OpenedObject } from "../../engine.ts";
import { type S3Answer, xmlAnswer } from "../answer.ts";
import { checksumElement } from "../checksum-headers.ts";
import { checksumNodes } from "../xml/checksum.ts";
import { writeXml, type XmlNode } from "../xml/write.ts";
import type { ObjectRequest, OperationContext } from "./context.ts";
import { invalidArgument } from "./parameters.ts";

const ATTRIBUTES = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];
const MAX_PARTS = 1000;

/**
 * GetObjectAttributes.
 * @throws InvalidArgument for none or an unknown attribute
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
 */
export async function getObjectAttributes(
  request: ObjectRequest,
  { engine }: OperationContext,
): Promise<S3Answer> {
  const wanted = wantedAttributes(request);
  const object = await engine.objects.open(request.bucket, request.key, "describe");
  try {
    const { info } = object;
    const nodes: Readonly<Record<string, XmlNode>> = {
      ETag: ["ETag", info.etag],
      Checksum: ["Checksum", info.checksum && checksumNodes(info.checksum)],
      ObjectParts: [
        "ObjectParts",
        info.partCount === undefined ? undefined : partsNodes(request, object),
      ],
      StorageClass: ["StorageClass", info.storageClass],
      ObjectSize: ["ObjectSize", info.sizeBytes],
    };
    const chosen = Object.entries(nodes).filter(([name]) => wanted.has(name));
    return xmlAnswer(
      writeXml(
        "GetObjectAttributesResponse",
        chosen.map(([, node]) => node),
      ),
      { "Last-Modified": new Date(info.lastModified).toUTCString() },
    );
  } finally {
    object.close();
  }
}

function wantedAttributes({ headers }: ObjectRequest): ReadonlySet<string> {
  const header = headers.get("x-amz-object-attributes") ?? "";
  const names = header.split(",").map((name) => name.trim());
  if (names.every((name) => ATTRIBUTES.includes(name))) return new Set(names);
  throw invalidArgument("x-amz-object-attributes", header, "Invalid attribute name specified.");
}

function partsNodes({ headers }: ObjectRequest, object: OpenedObject): readonly XmlNode[] {
  const maxParts = Math.min(headerNumber(headers.get("x-amz-max-parts"), MAX_PARTS), MAX_PARTS);
  const marker = headerNumber(headers.get("x-amz-part-number-marker"), 0);
  const parts = object.parts();
  const { checksum } = object.info;
  const rest = parts.filter(({ partNumber }) => partNumber > marker);
  // S3 tells the single parts only where they have checksums.
  const page = checksum ? rest.slice(0, maxParts) : [];
  return [
    ["PartsCount", object.info.partCount],
    ["PartNumberMarker", marker],
    ["NextPartNumberMarker", page.at(-1)?.partNumber ?? marker],
    ["MaxParts", maxParts],
    ["IsTruncated", checksum !== undefined && rest.length > page.length],
    ...page.map((part): XmlNode => [
      "Part",
      [
        ["PartNumber", part.partNumber],
        ["Size", part.sizeBytes],
        ...(checksum ? [[checksumElement(checksum.algorithm), part.checksum] as const] : []),
      ],
    ]),
  ];
}

function headerNumber(value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  throw new S3Error("InvalidArgument", { fields: { ArgumentValue: value } });
}
