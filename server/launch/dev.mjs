import { spawn } from "node:child_process";
import { ensureInstalled, projectDir } from "./install.mjs";

ensureInstalled();

// Vite answers on PORT and passes the API on to the backend, one port above.
const port = Number(process.env.PORT ?? 8080);
const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
const env = {
  ...process.env,
  PATH: `${projectDir}node_modules/.bin:${process.env.PATH ?? ""}`,
};
const children = [
  spawn("tsx", ["watch", "--clear-screen=false", "server/main.ts"], {
    cwd: projectDir,
    stdio: "inherit",
    env: { ...env, PORT: String(port + 1), SLUICE_ALLOWED_ORIGINS: origins.join(",") },
  }),
  spawn("vite", ["--port", String(port), "--strictPort", "--host", "127.0.0.1"], {
    cwd: projectDir,
    stdio: "inherit",
    env: { ...env, SLUICE_DEV_BACKEND: `http://127.0.0.1:${port + 1}` },
  }),
];

const stop = () => children.forEach((child) => child.kill("SIGTERM"));
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
for (const child of children) child.once("exit", stop);
