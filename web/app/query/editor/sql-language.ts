import { SQLDialect } from "@codemirror/lang-sql";
import { HighlightStyle, LanguageSupport, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { tags } from "@lezer/highlight";
import { FUNCTIONS, KEYWORDS, TYPES } from "./select-words.ts";

const dialect = SQLDialect.define({
  keywords: [...KEYWORDS, "for", "leading", "trailing", "both"].join(" ").toLowerCase(),
  types: TYPES.join(" ").toLowerCase(),
  builtin: [...FUNCTIONS.map(({ name }) => name), "s3object"].join(" ").toLowerCase(),
  operatorChars: "+-*/%<>=!",
  doubleQuotedStrings: false,
});

const style = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword], color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--warn)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--sql-number)" },
  { tag: tags.standard(tags.name), color: "var(--sql-function)" },
  { tag: tags.typeName, color: "var(--sql-function)" },
  { tag: tags.comment, color: "var(--text-muted)", fontStyle: "italic" },
]);

/** S3 Select's SQL, coloured; what is reserved elsewhere and not here is a name. */
export function selectLanguage(): Extension {
  return [new LanguageSupport(dialect.language), syntaxHighlighting(style)];
}
