// `npm run bench:select`: installs and builds what is missing, then measures.
import { ensureBuilt } from "../../../server/launch/build.mjs";
import { ensureInstalled, run } from "../../../server/launch/install.mjs";
import { ensureDuckDb } from "../../duckdb/install.mjs";

ensureInstalled();
await ensureBuilt();
ensureDuckDb();
await run("tsx", ["test/bench/select.ts", ...process.argv.slice(2)], {
  // Our engines field says which Node we support; the SDK's word on its own is noise here.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
});
