import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { ensureInstalledIn } from "../../../server/launch/install.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** Libraries that are installed for the bench alone, each in a folder of its own. */
const PEERS = ["uppy6", "uppy5", "amplify"] as const;

const ENTRIES = {
  sluice: join(HERE, "page/sluice.ts"),
  loop: join(HERE, "page/loop.ts"),
  ...Object.fromEntries(PEERS.map((name) => [name, join(HERE, name, "adapter.ts")])),
};

/**
 * Installs the peers where they are missing and bundles every contestant into `outDir`.
 * @throws Error where a peer cannot be installed
 */
export async function bundleContestants(outDir: string): Promise<void> {
  // They run in a browser: which Node they ask for is nothing to us.
  for (const name of PEERS) ensureInstalledIn(join(HERE, name), ["--engine-strict=false"]);
  await build({
    configFile: false,
    root: HERE,
    base: "/bench/assets/",
    logLevel: "error",
    worker: { format: "es", rollupOptions: { output: { entryFileNames: "[name].js" } } },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      assetsDir: ".",
      rollupOptions: {
        input: ENTRIES,
        output: { entryFileNames: "[name].js" },
      },
    },
  });
}
