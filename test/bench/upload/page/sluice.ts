/** Our own uploader, put together as the page does it. */
import { ConfigResponse } from "../../../../shared/api.ts";
import {
  createHttpApi,
  createUploader,
  createWorkerHasher,
} from "../../../../web/transfer/index.ts";
import { SluiceOptions } from "../protocol.ts";
import { runPage, type Contestant } from "./page.ts";

const config = ConfigResponse.parse(await (await fetch("/api/config")).json());

const contestant: Contestant = (files, { options }) => {
  const { checksum } = SluiceOptions.parse(options);
  const uploader = createUploader({
    api: createHttpApi(),
    storage: config.storage,
    connections: config.defaults.connections,
    multipartThresholdBytes: config.limits.multipartThresholdBytes,
    hasher: checksum ? createWorkerHasher() : null,
  });
  return new Promise((resolve, reject) => {
    const ids = uploader.add(files, { checksum });
    const unfinished = new Set(ids);
    uploader.subscribe((changed) => {
      for (const id of changed) {
        const state = uploader.get(id)?.state;
        if (state?.kind === "failed") reject(new Error(state.problem.detail));
        if (state?.kind === "done") unfinished.delete(id);
      }
      if (unfinished.size === 0) resolve(ids.map((id) => uploader.get(id)?.key ?? ""));
    });
  });
};

await runPage(contestant);
