import type { AuthorizedFetch } from "../api/fetch";
import { toProblem } from "../api/problem";

/** From this size on a file is written while it arrives, where the browser can. */
const LARGE_BYTES = 32 * 1024 * 1024;
const REVOKE_AFTER_MS = 60_000;

interface SaveFilePicker {
  showSaveFilePicker(options: { readonly suggestedName: string }): Promise<FileSystemFileHandle>;
}

/** What to download. */
export interface Download {
  readonly path: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly onProgress?: (received: number) => void;
}

/**
 * Downloads what needs a token, which a plain link cannot send.
 *
 * A large file is asked a place on the disk for and goes there piece by piece (Chromium, on https or localhost).
 * Elsewhere it becomes a blob, which browsers keep on disk when it is large. False: the person chose no place.
 */
export async function download(fetch: AuthorizedFetch, wanted: Download): Promise<boolean> {
  // Asked before anything else: a browser shows this dialog only right after a click.
  const place = wanted.sizeBytes >= LARGE_BYTES ? await placeFor(wanted.fileName) : undefined;
  if (place === "none") {
    return false;
  }
  const response = await fetch(wanted.path);
  if (!response.ok || !response.body) {
    throw await toProblem(response);
  }
  const bytes = response.body.pipeThrough(counting(wanted.onProgress));
  if (place) {
    await bytes.pipeTo(await place.createWritable());
  } else {
    const type = response.headers.get("content-type") ?? "application/octet-stream";
    save(await new Response(bytes, { headers: { "content-type": type } }).blob(), wanted.fileName);
  }
  return true;
}

/** Gives a blob to the browser as a download. */
export function save(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, REVOKE_AFTER_MS);
}

async function placeFor(suggestedName: string): Promise<FileSystemFileHandle | "none" | undefined> {
  if (!("showSaveFilePicker" in window)) {
    return undefined;
  }
  try {
    return await (window as unknown as SaveFilePicker).showSaveFilePicker({ suggestedName });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") {
      return "none";
    }
    throw error;
  }
}

function counting(
  onProgress: Download["onProgress"],
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let received = 0;
  return new TransformStream({
    transform(chunk, controller) {
      received += chunk.byteLength;
      onProgress?.(received);
      controller.enqueue(chunk);
    },
  });
}
