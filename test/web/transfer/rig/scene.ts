import type { Connectivity } from "../../../../web/transfer/line/connectivity.ts";
import { createUploader, type UploaderOptions } from "../../../../web/transfer/uploader.ts";
import type { UploadProblem, UploadView } from "../../../../web/transfer/upload-view.ts";
import { createFakeClock, rest } from "./fake-clock.ts";
import { createModelBackend, MODEL, type ModelBackend } from "./model-backend.ts";
import { createScriptedTransport, type SentRequest } from "./scripted-transport.ts";

/** A network that a test takes away and gives back. */
export interface FakeConnectivity extends Connectivity {
  set(isOnline: boolean): void;
}

export function createFakeConnectivity(): FakeConnectivity {
  let isOnline = true;
  const listeners = new Set<() => void>();
  return {
    isOnline: () => isOnline,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(value) {
      isOnline = value;
      for (const listener of listeners) listener();
    },
  };
}

type SceneOptions = Partial<UploaderOptions> & {
  /** The one of an earlier visit. */
  readonly backend?: ModelBackend;
};

/** An uploader on scripted ports; parts are 10 bytes, files from 20 bytes on go in parts. */
export function createScene(options: SceneOptions = {}) {
  const clock = createFakeClock();
  const backend = options.backend ?? createModelBackend();
  backend.now = () => clock.now();
  const transport = createScriptedTransport();
  const connectivity = createFakeConnectivity();
  const uploader = createUploader({
    api: backend.api,
    transport,
    clock,
    random: () => 0.5,
    connectivity,
    multipartThresholdBytes: MODEL.thresholdBytes,
    ...options,
  });
  const view = (id: string): UploadView => {
    const found = uploader.get(id);
    if (!found) throw new Error(`No upload ${id}`);
    return found;
  };
  return {
    clock,
    backend,
    transport,
    connectivity,
    uploader,
    view,
    state: (id: string) => view(id).state.kind,
    problem: (id: string): UploadProblem | undefined => {
      const { state } = view(id);
      return state.kind === "failed" || state.kind === "waiting" ? state.problem : undefined;
    },
    /** Adds one file of `sizeBytes` and waits until what that starts has come to rest. */
    async add(sizeBytes: number, name = "file.bin"): Promise<string> {
      const [id = ""] = uploader.add([fileOf(sizeBytes, name)]);
      await rest();
      return id;
    },
    /** The storage accepts a request. */
    async accept(request: SentRequest): Promise<void> {
      await request.respond(await backend.put(request));
    },
    /** The storage accepts everything that comes, until nothing comes any more. */
    async acceptAll(): Promise<void> {
      await rest();
      while (transport.waiting.length > 0) {
        const request = await transport.next();
        if (!request.isStopped) await request.respond(await backend.put(request));
      }
    },
  };
}

/** A file of recognisable bytes. */
export function fileOf(sizeBytes: number, name = "file.bin", type = "text/plain"): File {
  const bytes = new Uint8Array(sizeBytes);
  // Megabytes of zeros behind the beginning: making them one by one would take seconds.
  const written = Math.min(sizeBytes, 65_536);
  for (let index = 0; index < written; index += 1) bytes[index] = (index * 7 + sizeBytes) % 256;
  return new File([bytes], name, { type, lastModified: 1_700_000_000_000 });
}

/** Number of the part that a request carries. */
export function partOf(request: { readonly url: string }): number {
  return Number(new URL(request.url).searchParams.get("part"));
}
