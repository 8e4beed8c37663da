// Uploads a file with tus-js-client as a program of its own: `node upload.mjs '{"mode": ...}'`, the answer as JSON on
// standard output. Run by tests/it/resumable/tus_js.rs, which copies it beside the installed packages.
//
//   {mode: "whole", ...}    from begin to end
//   {mode: "abort", ...}    gives up once half is there, and remembers where
//   {mode: "resume", ...}   finds what was remembered, and goes on
//
// with endpoint, token, file, chunk_bytes, metadata, memory (a file for what is remembered), during_creation,
// override_method.

import { createReadStream } from 'node:fs';
import { FileUrlStorage, Upload } from 'tus-js-client';

const asked = JSON.parse(process.argv[2]);
const told = { requests: [], dataset_id: null, error: null, status: null, detail: null };

// Said when everything has been done, what is remembered written down: the program ends by itself.
process.on('exit', () => process.stdout.write(JSON.stringify(told)));

const upload = new Upload(createReadStream(asked.file), {
  endpoint: asked.endpoint,
  headers: { Authorization: `Bearer ${asked.token}` },
  chunkSize: asked.chunk_bytes ?? Infinity,
  metadata: asked.metadata,
  urlStorage: new FileUrlStorage(asked.memory),
  removeFingerprintOnSuccess: true,
  retryDelays: [0, 100, 300],
  uploadDataDuringCreation: asked.during_creation ?? false,
  overridePatchMethod: asked.override_method ?? false,
  onAfterResponse(request, response) {
    const offset = response.getHeader('Upload-Offset');
    told.requests.push([request.getMethod(), response.getStatus(), offset === undefined ? null : Number(offset)]);
    told.dataset_id ??= response.getHeader('Dataset-Id') ?? null;
  },
  async onChunkComplete(_size, accepted, total) {
    if (asked.mode === 'abort' && accepted * 2 >= total) {
      await upload.abort(false);
    }
  },
  onError(error) {
    told.error = error.message;
    told.status = error.originalResponse?.getStatus() ?? null;
    told.detail = error.originalResponse?.getBody() ?? null;
  },
});

if (asked.mode === 'resume') {
  const [previous] = await upload.findPreviousUploads();
  if (previous === undefined) throw new Error('nothing was remembered');
  upload.resumeFromPreviousUpload(previous);
}
upload.start();
