import type { PreviousUpload, UrlStorage } from "tus-js-client";

import type { UploadTask } from "./status";

/** What is remembered of an upload that did not end, to go on after a reload. */
export interface Remembered {
  /** Its id on the platform. */
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly lastModified: number;
}

/** What an upload is remembered with; the platform reads `name`, `filename`, `filetype` and `workspace_id` of it. */
export function metadataOf({ file, name, workspaceId }: UploadTask, user: string): Record<string, string> {
  return {
    name,
    filename: file.name,
    ...(file.type === "" ? {} : { filetype: file.type }),
    workspace_id: workspaceId,
    last_modified: String(file.lastModified),
    uploader: user,
  };
}

/** The same for the same file of the same person to the same place; after a reload too. */
export function fingerprintOf({ file, name, workspaceId }: UploadTask, user: string): string {
  return JSON.stringify(["e2i", user, workspaceId, name, file.name, file.size, file.lastModified]);
}

/** The uploads that this person began in this browser for that workspace and that did not end. */
export async function remembered(storage: UrlStorage, user: string, workspaceId: string): Promise<Remembered[]> {
  const all = await storage.findAllUploads();
  return all.filter((upload) => isOf(upload, user, workspaceId)).flatMap(read);
}

export async function forget(storage: UrlStorage, url: string): Promise<void> {
  const all = await storage.findAllUploads();
  const ended = all.filter(({ uploadUrl }) => uploadUrl === url);
  await Promise.all(ended.map(({ urlStorageKey }) => storage.removeUpload(urlStorageKey)));
}

/** Whether a file is, by its looks, the one that was being uploaded. */
export function isSameFile(file: File, known: Remembered): boolean {
  return file.name === known.fileName && file.size === known.sizeBytes && file.lastModified === known.lastModified;
}

/** Why a chosen file is not the one to go on with, in words. */
export function differenceFrom(file: File, known: Remembered): string | undefined {
  if (isSameFile(file, known)) {
    return undefined;
  }
  if (file.name !== known.fileName) {
    return `This file is called “${file.name}”; the upload began with “${known.fileName}”.`;
  }
  if (file.size !== known.sizeBytes) {
    return "This file has another size than the one the upload began with.";
  }
  return "This file was changed since the upload began. Discard the upload and send the file anew.";
}

function isOf({ metadata }: PreviousUpload, user: string, workspaceId: string): boolean {
  return metadata["uploader"] === user && metadata["workspace_id"] === workspaceId;
}

function read({ uploadUrl, metadata, size }: PreviousUpload): Remembered[] {
  const id = uploadUrl?.split("/").at(-1);
  if (uploadUrl === null || id === undefined || size === null) {
    return [];
  }
  const { name = "", filename: fileName = "", last_modified: lastModified = "" } = metadata;
  return [{ id, url: uploadUrl, name, fileName, sizeBytes: size, lastModified: Number(lastModified) }];
}
