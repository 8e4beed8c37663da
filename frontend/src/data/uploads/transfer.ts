import { type DetailedError, type HttpRequest, Upload, type UrlStorage } from "tus-js-client";

import { body } from "../../api/client";
import { ApiProblem, isStatus } from "../../api/problem";
import type { Platform } from "../../app/platform";
import { fingerprintOf, forget, metadataOf } from "./memory";
import { PaceMeter } from "./pace";
import { keptProblem } from "./refusal";
import type { UploadStatus, UploadTask } from "./status";
import { FULL, type Failed, verdictOn } from "./verdict";

const ENDPOINT = "/api/v1/uploads";
const CHUNK_BYTES = 8 * 1024 * 1024;
/** What is short is bridged by the tus client; longer faults are told and tried again by {@link Transfer}. */
const RETRY_DELAYS_MS = [0, 500, 1500, 3000];

export type Tell = (status: UploadStatus) => void;

/** Brings one file to the platform by tus: goes on where it was left, renews the token, tells how it stands. */
export class Transfer {
  readonly #upload: Upload;
  readonly #pace = new PaceMeter();
  #token: string | undefined;
  #refusedToken: string | undefined;
  #sent = 0;
  /** Whether it goes on with what an earlier page began. */
  #isContinued = false;
  #isLookedUp = false;
  /** Paused or cancelled: what was under way then is not heard any more. */
  #isStopped = false;
  #goOn: (() => void) | undefined;

  constructor(
    private readonly platform: Platform,
    private readonly storage: UrlStorage,
    user: string,
    private readonly task: UploadTask,
    private readonly tell: Tell,
  ) {
    this.#upload = new Upload(task.file, {
      endpoint: ENDPOINT,
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRY_DELAYS_MS,
      urlStorage: storage,
      removeFingerprintOnSuccess: true,
      metadata: metadataOf(task, user),
      fingerprint: () => Promise.resolve(fingerprintOf(task, user)),
      onBeforeRequest: (request) => this.#authorize(request),
      onShouldRetry: (error) => this.#shouldRetry(error),
      onUploadUrlAvailable: () => {
        this.#keepAddress();
      },
      onProgress: (sent) => {
        this.#progressed(sent);
      },
      onError: (error) => void this.#failed(error),
      onSuccess: ({ lastResponse }) => void this.#stored(lastResponse.getHeader("Dataset-Id")),
    });
  }

  /** Begins, or goes on after a pause. */
  start(): void {
    this.#stopWaiting();
    this.#isStopped = false;
    this.tell({ phase: "sending", sent: this.#sent, pace: undefined });
    void this.#begin();
  }

  pause(): void {
    this.#stopWaiting();
    this.#isStopped = true;
    void this.#upload.abort();
    this.tell({ phase: "paused", sent: this.#sent });
  }

  /** Ends it here and on the platform. */
  async cancel(): Promise<void> {
    this.#stopWaiting();
    this.#isStopped = true;
    const { url } = this.#upload;
    await this.#upload.abort();
    if (url !== null) {
      await forget(this.storage, url);
      // Should that not arrive, the platform gives it up by itself after a day.
      await Upload.terminate(url, { ...this.#upload.options, retryDelays: null }).catch(() => undefined);
    }
  }

  async #begin(): Promise<void> {
    if (!this.#isLookedUp) {
      this.#isLookedUp = true;
      const previous = (await this.#upload.findPreviousUploads()).at(-1);
      if (previous) {
        this.#isContinued = true;
        this.#upload.resumeFromPreviousUpload(previous);
        this.#keepAddress();
      }
    }
    if (!this.#isStopped) {
      this.#upload.start();
    }
  }

  /** From here on the client goes on with this upload or fails; by itself it would begin another one. */
  #keepAddress(): void {
    this.#upload.options.endpoint = null;
  }

  async #authorize(request: HttpRequest): Promise<void> {
    const { session } = this.platform;
    this.#token =
      this.#refusedToken === undefined ? await session.accessToken() : await session.renewed(this.#refusedToken);
    if (this.#token !== undefined) {
      request.setHeader("Authorization", `Bearer ${this.#token}`);
    }
  }

  #shouldRetry(error: DetailedError): boolean {
    const status = error.originalResponse?.getStatus() ?? 0;
    if (status === 401) {
      const isNew = this.#token !== undefined && this.#token !== this.#refusedToken;
      this.#refusedToken = this.#token;
      return isNew;
    }
    return status === 0 || status === 409 || status === 423 || (status >= 500 && status !== FULL);
  }

  #progressed(sent: number): void {
    this.#sent = sent;
    this.#refusedToken = undefined;
    const total = this.task.file.size;
    const pace = this.#pace.at(Date.now(), sent, total);
    this.tell(sent < total ? { phase: "sending", sent, pace } : { phase: "checking" });
  }

  async #failed(error: Error | DetailedError): Promise<void> {
    const verdict = await verdictOn(requestOf(error));
    switch (verdict.is) {
      case "temporary":
        this.#wait(verdict.why, verdict.afterS);
        return;
      case "refused":
        await this.#over({ phase: "refused", problem: verdict.problem });
        return;
      case "unclear":
        await this.#ask();
    }
  }

  /** What became of it, from the platform itself. */
  async #ask(): Promise<void> {
    const id = this.#upload.url?.split("/").at(-1) ?? "";
    try {
      const upload = await body(this.platform.api.GET("/api/v1/uploads/{id}", { params: { path: { id } } }));
      const problem = keptProblem(upload.problem);
      if (upload.state === "stored") {
        await this.#stored(upload.dataset_id ?? undefined);
      } else if (problem) {
        await this.#over({ phase: "refused", problem });
      } else {
        this.#wait("The platform is still reading the table.", 2);
      }
    } catch (error) {
      await this.#askFailed(error);
    }
  }

  async #askFailed(error: unknown): Promise<void> {
    if (!isStatus(error, 404, 410)) {
      this.#wait(error instanceof Error ? error.message : String(error), 5);
    } else if (this.#isContinued && this.#sent === 0) {
      // What an earlier page began was given up meanwhile: begin anew.
      this.#isContinued = false;
      await this.#forget();
      this.#upload.url = null;
      this.#upload.options.uploadUrl = null;
      this.#upload.options.endpoint = ENDPOINT;
      this.#upload.start();
    } else {
      await this.#over({ phase: "refused", problem: error instanceof ApiProblem ? error : new ApiProblem(410, GONE) });
    }
  }

  async #stored(datasetId: string | null | undefined): Promise<void> {
    if (datasetId === null || datasetId === undefined || datasetId === "") {
      await this.#ask();
    } else {
      await this.#over({ phase: "stored", datasetId });
    }
  }

  async #over(status: UploadStatus): Promise<void> {
    this.#stopWaiting();
    await this.#forget();
    this.tell(status);
  }

  async #forget(): Promise<void> {
    const url = this.#upload.url;
    if (url !== null) {
      await forget(this.storage, url);
    }
  }

  /** Goes on after a while, or as soon as the network is back. */
  #wait(why: string, afterS: number): void {
    this.#stopWaiting();
    if (this.#isStopped) {
      return;
    }
    this.tell({ phase: "away", sent: this.#sent, why });
    const goOn = () => {
      this.start();
    };
    const timer = setTimeout(goOn, afterS * 1000);
    window.addEventListener("online", goOn);
    this.#goOn = () => {
      clearTimeout(timer);
      window.removeEventListener("online", goOn);
    };
  }

  #stopWaiting(): void {
    this.#goOn?.();
    this.#goOn = undefined;
  }
}

const GONE = { type: "urn:e2i:problem:gone", title: "Gone", status: 410 };

function requestOf(error: Error | DetailedError): Failed {
  if (!("originalRequest" in error)) {
    return { method: "", answer: undefined };
  }
  const answer = error.originalResponse;
  return {
    method: error.originalRequest.getMethod(),
    answer: answer
      ? {
          status: answer.getStatus(),
          body: answer.getBody(),
          retryAfter: answer.getHeader("Retry-After"),
        }
      : undefined,
  };
}
