import { Hono } from "hono";
import { generateSpecs } from "hono-openapi";
import type { Env, Schema } from "hono";
import { DOCUMENTATION_STYLE, documentationPage } from "./documentation-page.ts";

/** `/openapi.json`, generated from the schemas that validate, and `/docs`, which shows it. */
export function createDocumentationRoutes<E extends Env, S extends Schema, P extends string>(
  documented: Hono<E, S, P>,
) {
  const describe = () =>
    generateSpecs(documented, {
      documentation: {
        info: {
          title: "Sluice",
          version: "1",
          description: "Large files straight from a browser to S3.",
        },
        components: {
          securitySchemes: {
            grant: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
            session: { type: "apiKey", in: "cookie", name: "sluice_session" },
          },
        },
        security: [{ grant: [] }, { session: [] }, {}],
      },
      defaultValidationErrorResponse: false,
    });
  let description: ReturnType<typeof describe> | undefined;
  const described = () => (description ??= describe());
  return new Hono()
    .get("/openapi.json", async (c) => c.json(await described()))
    .get("/docs.css", (c) => c.body(DOCUMENTATION_STYLE, 200, { "content-type": "text/css" }))
    .get("/docs", async (c) => c.html(documentationPage(await described())));
}
