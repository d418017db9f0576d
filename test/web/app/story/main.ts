/** The page on scripted uploads: `?scene=mixed`, `&moving` lets them progress. Never shipped. */
import "../../../../web/app/design/tokens.css";
import "../../../../web/app/design/base.css";
import { mount } from "svelte";
import type { SessionResponse } from "../../../../shared/admin-api.ts";
import { STORAGE_CLASSES } from "../../../../shared/storage-class.ts";
import { BackendError } from "../../../../web/app/backend.ts";
import { saveOptions, type UploadOptions } from "../../../../web/app/options/upload-options.ts";
import { createUploadViews } from "../../../../web/app/queue/upload-views.ts";
import type { Session, SessionState } from "../../../../web/app/session.svelte.ts";
import App from "../../../../web/app/shell/App.svelte";
import { createScriptedUploader, type ScriptedUploader } from "../scripted-uploader.ts";
import { SCENES, type Scene } from "./scenes.ts";

const query = new URLSearchParams(location.search);
const sceneName = query.get("scene") ?? "mixed";
/** What each scene starts from, whatever the one before it left in the browser. */
const PLAIN: UploadOptions = {
  keyStrategy: "plain",
  ifExists: "rename",
  storageClass: "",
  cacheControl: "",
  metadata: [],
  tags: [],
  gzip: false,
  checksum: true,
  keepAwake: false,
};
history.replaceState(null, "", query.get("path") ?? "/");

function scene(): Scene {
  return SCENES[sceneName]?.() ?? {};
}

function moveOn(uploader: ScriptedUploader): void {
  for (const id of uploader.ids()) {
    const view = uploader.get(id);
    if (view?.state.kind !== "uploading") continue;
    const sentBytes = Math.min(view.sizeBytes, view.sentBytes + view.bytesPerSecond / 8);
    uploader.change(id, { sentBytes });
  }
}

function readyState(): SessionState {
  const uploader = createScriptedUploader();
  const { views = [], line = {}, resumable = [], refusals = {}, options } = scene();
  uploader.put(...views);
  uploader.setLine(line);
  uploader.setResumable(resumable);
  for (const [id, code] of Object.entries(refusals)) uploader.refuse(id, code);
  saveOptions(() => localStorage, { ...PLAIN, ...options });
  if (query.has("moving")) setInterval(() => moveOn(uploader), 125);
  return {
    kind: "ready",
    desk: {
      uploader,
      views: createUploadViews(uploader),
      config: {
        serverTime: new Date().toISOString(),
        limits: {
          minPartSizeBytes: 5_242_880,
          maxPartSizeBytes: 5_368_709_120,
          maxPartCount: 10_000,
          maxObjectSizeBytes: 53_687_091_200_000,
          multipartThresholdBytes: 16_777_216,
          maxFilesPerRequest: 1000,
          maxPartsPerRequest: 1000,
        },
        defaults: { keyStrategy: "plain", ifExists: "rename", connections: 6 },
        storage: {
          kind: "s3",
          bucket: "media-originals",
          origins: ["https://s3.example.net"],
          acceleratedOrigins: [],
          accelerationUsdPerGb: null,
          equalParts: false,
          conditionalWrites: true,
          checksum: { algorithm: "CRC64NVME", mode: "computed" },
          storageClasses: [...STORAGE_CLASSES],
        },
      },
    },
  };
}

function stateOf(): SessionState {
  if (sceneName === "loading") return { kind: "loading" };
  if (sceneName !== "down") return readyState();
  return {
    kind: "failed",
    problem: new BackendError("server-unreachable", "No answer from the server"),
  };
}

const caller: SessionResponse = {
  mode: "local",
  canSignIn: false,
  identity: {
    subject: "local",
    scopes: ["upload", "download", "query"],
    prefix: "",
    maxBytes: null,
    contentTypes: null,
  },
};

const session: Session = { state: stateOf(), caller, load: async () => undefined };
const target = document.getElementById("app");
if (target) mount(App, { target, props: { session } });
