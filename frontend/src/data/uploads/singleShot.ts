import { ApiProblem } from "../../api/problem";
import type { AuthorizedFetch } from "../../api/fetch";
import { uploadBlob } from "../uploadBlob";
import type { Carrier } from "./queue";
import type { UploadTask } from "./status";
import type { Tell } from "./transfer";

/** Brings a file in one request: the way for a workbook whose sheet was chosen, which pieces have no place for. */
export class SingleShot implements Carrier {
  #sending: AbortController | undefined;

  constructor(
    private readonly fetch: AuthorizedFetch,
    private readonly task: UploadTask,
    private readonly tell: Tell,
  ) {}

  start(): void {
    this.#sending?.abort();
    const sending = new AbortController();
    this.#sending = sending;
    this.tell({ phase: "sending", sent: 0, pace: undefined });
    void this.#send(sending.signal);
  }

  pause(): void {
    this.#sending?.abort();
    this.tell({ phase: "paused", sent: 0 });
  }

  cancel(): Promise<void> {
    this.#sending?.abort();
    return Promise.resolve();
  }

  async #send(signal: AbortSignal): Promise<void> {
    const { file, ...to } = this.task;
    try {
      const { id } = await uploadBlob(this.fetch, { ...to, blob: file, signal });
      this.tell({ phase: "stored", datasetId: id });
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      const problem = error instanceof ApiProblem ? error : new ApiProblem(0, notSent(error));
      this.tell({ phase: "refused", problem });
    }
  }
}

function notSent(error: unknown) {
  const detail = error instanceof Error ? error.message : String(error);
  return { type: "urn:e2i:problem:not-sent", title: "Not sent", status: 0, detail };
}
