import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/** `npx vite --config test/web/app/story/vite.config.ts`: every state of the page, without a server. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  publicDir: fileURLToPath(new URL("../../../../web/app/public", import.meta.url)),
  plugins: [svelte({ configFile: false })],
});
