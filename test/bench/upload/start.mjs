// `npm run bench:upload`: installs and builds what is missing, then measures.
import { ensureBuilt } from "../../../server/launch/build.mjs";
import { ensureInstalled, run } from "../../../server/launch/install.mjs";
import { ensureBrowser } from "../../browser.mjs";

ensureInstalled();
await ensureBuilt();
await run("tsx", ["test/bench/upload.ts", ...process.argv.slice(2)], {
  SLUICE_CHROMIUM: await ensureBrowser(),
  // Our engines field says which Node we support; the SDK's word on its own is noise here.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
});
