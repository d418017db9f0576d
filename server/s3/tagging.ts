import { escapeUri } from "./signature-v4.ts";

/** Tags as the header `x-amz-tagging` carries them. */
export function taggingHeader(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${escapeUri(key)}=${escapeUri(value)}`)
    .join("&");
}

/** Tags as the field `tagging` of a form carries them: an XML document. */
export function taggingField(tags: Readonly<Record<string, string>>): string {
  const set = Object.entries(tags).map(
    ([key, value]) => `<Tag><Key>${escapeXml(key)}</Key><Value>${escapeXml(value)}</Value></Tag>`,
  );
  return `<Tagging><TagSet>${set.join("")}</TagSet></Tagging>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
