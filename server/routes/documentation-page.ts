import { html } from "hono/html";
import { PROBLEMS } from "../../shared/problem.ts";

/** As much of an OpenAPI document as the page shows. */
export interface ApiDescription {
  readonly info: { readonly title: string; readonly description?: string };
  readonly paths: Readonly<Record<string, object>>;
  readonly components: { readonly schemas?: Readonly<Record<string, unknown>> };
}

const METHODS = ["get", "post", "put", "delete"] as const;

/** The OpenAPI document as one page without scripts, so that any Content-Security-Policy lets it be. */
export function documentationPage({ info, paths, components }: ApiDescription) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${info.title} API</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>
          <h1>${info.title} API</h1>
          <p>
            ${info.description} The same as a machine reads it:
            <a href="/openapi.json">openapi.json</a>.
          </p>
          <h2>Requests</h2>
          ${Object.entries(paths).flatMap(([path, item]) => operationsOf(path, item))}
          <h2>Schemas</h2>
          ${Object.entries(components.schemas ?? {}).map(
            ([name, schema]) =>
              html`<details id="schema-${name}">
                <summary>${name}</summary>
                ${json(schema)}
              </details>`,
          )}
          <h2>Problems</h2>
          <table>
            <tr>
              <th scope="col">Code</th>
              <th scope="col">Status</th>
              <th scope="col">Meaning</th>
              <th scope="col">Again?</th>
            </tr>
            ${Object.entries(PROBLEMS).map(
              ([code, { status, title, retry }]) =>
                html`<tr id="${code}">
                  <td><code>${code}</code></td>
                  <td>${status}</td>
                  <td>${title}</td>
                  <td>${retry ? "yes" : "no"}</td>
                </tr>`,
            )}
          </table>
        </main>
      </body>
    </html>`;
}

function operationsOf(path: string, item: object) {
  const operations = new Map<string, unknown>(Object.entries(item));
  return METHODS.filter((method) => operations.has(method)).map((method) => {
    const operation = operations.get(method);
    return html`<details>
      <summary>
        <code><b>${method.toUpperCase()}</b> ${path}</code> ${summaryOf(operation)}
      </summary>
      ${json(operation)}
    </details>`;
  });
}

function summaryOf(operation: unknown): string {
  if (typeof operation !== "object" || operation === null || !("summary" in operation)) return "";
  return typeof operation.summary === "string" ? operation.summary : "";
}

/** Names of schemas stand as links. */
function json(value: unknown) {
  const pieces = JSON.stringify(value, null, 2).split(/("#\/components\/schemas\/\w+")/);
  return html`<pre tabindex="0">
${pieces.map((piece) => {
      const [, name] = /^"#\/components\/schemas\/(\w+)"$/.exec(piece) ?? [];
      return name === undefined ? piece : html`<a href="#schema-${name}">${name}</a>`;
    })}</pre>`;
}

const STYLE = `
  body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
  main { max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
  details { border-top: 1px solid #8886; padding: 0.5rem 0; }
  summary { cursor: pointer; overflow-wrap: anywhere; }
  code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
  pre { overflow-x: auto; background: #8882; padding: 0.75rem; border-radius: 0.5rem; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: start; padding: 0.25rem 0.75rem 0.25rem 0; border-top: 1px solid #8886; }
  :target { background: #fc03; }
`;
