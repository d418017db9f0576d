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
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <title>API · ${info.title}</title>
        <link rel="stylesheet" href="/docs.css" />
      </head>
      <body>
        <header>
          <div><a href="/">${info.title}</a></div>
        </header>
        <main>
          <h1>API</h1>
          <p>
            ${info.description} The same as a machine reads it:
            <a href="/openapi.json">openapi.json</a>.
          </p>
          <h2>Requests</h2>
          <section>
            ${Object.entries(paths).flatMap(([path, item]) => operationsOf(path, item))}
          </section>
          <h2>Schemas</h2>
          <section>
            ${Object.entries(components.schemas ?? {}).map(
              ([name, schema]) =>
                html`<details id="schema-${name}">
                  <summary>${name}</summary>
                  ${json(schema)}
                </details>`,
            )}
          </section>
          <h2>Problems</h2>
          <section>${problemTable()}</section>
        </main>
      </body>
    </html>`;
}

function problemTable() {
  return html`<table>
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
  </table>`;
}

function operationsOf(path: string, item: object) {
  const operations = new Map<string, unknown>(Object.entries(item));
  return METHODS.filter((method) => operations.has(method)).map((method) => {
    const operation = operations.get(method);
    return html`<details>
      <summary>
        <code><b>${method.toUpperCase()}</b> ${path}</code> <span>${summaryOf(operation)}</span>
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

/** The page's own colours (web/app/design/tokens.css), as few as a document needs; a file of its own, because no inline style is let through. */
export const DOCUMENTATION_STYLE = `
  :root {
    color-scheme: light dark;
    --page: light-dark(#f6f8f7, #0c1110); --surface: light-dark(#fff, #131a18);
    --line: light-dark(#e0e7e4, #24302d); --text: light-dark(#10201c, #e9f0ee);
    --muted: light-dark(#53645f, #9bada8); --accent: light-dark(#0b6b63, #5fd6c7);
  }
  * { box-sizing: border-box; }
  body {
    margin: 0; background: var(--page); color: var(--text);
    font: 0.9375rem/1.6 -apple-system, BlinkMacSystemFont, system-ui, Roboto, Arial, sans-serif;
  }
  header { border-bottom: 1px solid var(--line); }
  header a { display: inline-block; padding: 1rem 0; font-weight: 650; text-decoration: none; }
  header div, main { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
  main { padding-bottom: 4rem; }
  h1 { font-size: 2rem; letter-spacing: -0.022em; line-height: 1.2; margin: 2.5rem 0 0.5rem; }
  h2 { font-size: 1.125rem; margin: 2.5rem 0 0.75rem; }
  p { color: var(--muted); margin: 0; }
  a { color: var(--accent); }
  section { background: var(--surface); border: 1px solid var(--line); border-radius: 0.75rem; overflow: hidden; }
  details + details { border-top: 1px solid var(--line); }
  summary { cursor: pointer; padding: 0.75rem 1rem; overflow-wrap: anywhere; }
  summary span { color: var(--muted); margin-inline-start: 0.5em; }
  code, pre { font: 0.8125rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
  summary b { display: inline-block; min-width: 4.5em; color: var(--accent); }
  pre { overflow-x: auto; margin: 0; padding: 0.75rem 1rem; background: var(--page); border-top: 1px solid var(--line); }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: start; padding: 0.5rem 1rem; }
  tr + tr { border-top: 1px solid var(--line); }
  th { color: var(--muted); font-weight: 600; }
  td code { overflow-wrap: anywhere; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; border-radius: 0.25rem; }
  :target { background: light-dark(#e0f2ef, #12302c); }
`;
