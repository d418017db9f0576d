// `npm run bench:upload`: installs and builds what is missing, then measures.
import { ensureBuilt } from "../../../server/launch/build.mjs";
import { ensureInstalled, run } from "../../../server/launch/install.mjs";
import { ensureBrowser } from "../../browser.mjs";

await ensureInstalled();
await ensureBuilt();
const SLUICE_CHROMIUM = await ensureBrowser();
await run("tsx", ["test/bench/upload.ts", ...process.argv.slice(2)], { SLUICE_CHROMIUM });
