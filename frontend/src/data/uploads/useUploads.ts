import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { defaultOptions } from "tus-js-client";

import { body } from "../../api/client";
import { keys } from "../../api/keys";
import { isStatus } from "../../api/problem";
import type { components } from "../../api/schema";
import { type Platform, usePlatform } from "../../app/platform";
import { useSignedIn } from "../../auth/useSession";
import { type Remembered, forget, remembered } from "./memory";
import { UploadQueue } from "./queue";
import { SingleShot } from "./singleShot";
import { isRunning } from "./status";
import { Transfer } from "./transfer";

type Upload = components["schemas"]["Upload"];

/** Where the tus client keeps what it needs to go on: this browser's local storage. */
const storage = defaultOptions.urlStorage;

/** Outlives pages: an upload goes on while its person looks at something else. */
let ours: { readonly user: string; readonly queue: UploadQueue } | undefined;

function queueOf(user: string, platform: Platform, client: QueryClient): UploadQueue {
  if (ours && (ours.user === user || user === "")) {
    return ours.queue;
  }
  ours?.queue.stop();
  const queue = new UploadQueue(
    (task, tell) =>
      task.sheet === undefined
        ? new Transfer(platform, storage, user, task, tell)
        : new SingleShot(platform.fetch, task, tell),
    () => void client.invalidateQueries({ queryKey: keys.datasets }),
  );
  ours = { user, queue };
  window.addEventListener("beforeunload", (event) => {
    if (queue.current().some(({ status }) => isRunning(status))) {
      event.preventDefault();
    }
  });
  return queue;
}

/** The uploads of whoever is signed in. */
export function useUploads() {
  const user = useUserId();
  const queue = queueOf(user, usePlatform(), useQueryClient());
  return { queue, uploads: useSyncExternalStore(queue.subscribe, queue.current) };
}

/** An upload that an earlier page or a lost network left, and where it stands on the platform. */
export interface Unfinished extends Remembered {
  readonly upload: Upload;
}

/** What this person could go on with in that workspace, from this browser. */
export function useUnfinished(workspaceId: string) {
  const { api } = usePlatform();
  const user = useUserId();
  return useQuery({
    queryKey: [...keys.uploads, user, workspaceId],
    queryFn: async (): Promise<Unfinished[]> => {
      const known = await remembered(storage, user, workspaceId);
      const asked = await Promise.all(known.map(ask));
      return asked.flat();
    },
  });

  async function ask(known: Remembered): Promise<Unfinished[]> {
    try {
      const upload = await body(api.GET("/api/v1/uploads/{id}", { params: { path: { id: known.id } } }));
      if (upload.state === "receiving") {
        return [{ ...known, upload }];
      }
    } catch (error) {
      if (!isStatus(error, 404, 410)) {
        throw error;
      }
    }
    await forget(storage, known.url);
    return [];
  }
}

/** Ends an unfinished upload on the platform and forgets it. */
export async function discard(api: Platform["api"], { id, url }: Remembered): Promise<void> {
  try {
    await api.DELETE("/api/v1/uploads/{id}", { params: { path: { id }, header: { "Tus-Resumable": "1.0.0" } } });
  } catch (error) {
    if (!isStatus(error, 404, 410)) {
      throw error;
    }
  }
  await forget(storage, url);
}

function useUserId(): string {
  const signedIn = useSignedIn();
  return signedIn.state === "in" ? signedIn.session.user.id : "";
}
