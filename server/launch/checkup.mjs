import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

// Standard output is the report's alone: a machine reads it.
const ready = fileURLToPath(new URL("ready.mjs", import.meta.url));
const { status } = spawnSync(process.execPath, [ready], { stdio: ["ignore", 2, 2] });

if (status === 0) await import("../../dist/server/checkup/main.js");
else process.exitCode = 2;
