/** Sending a file: control signs where it goes, it goes straight to the store, and control looks at what arrived. */

import { Failure } from "../chat/failure.ts";
import type { AskUpload, SignedUpload, Upload } from "../wire/http.ts";
import { ask } from "./http.ts";

interface Wishes {
  readonly purpose: AskUpload["purpose"];
  /** The room it is for, when it is an attachment. */
  readonly room?: string;
  /** How much of it is sent: 0 to 1. */
  readonly onProgress?: (part: number) => void;
  readonly signal?: AbortSignal;
}

/** What browsers do not know the type of. */
const UNKNOWN = "application/octet-stream";

/** Send `file`; the answer is of use wherever an upload's id is asked for. Rejects with why it was refused. */
export async function upload(file: File, { purpose, room, onProgress, signal }: Wishes): Promise<Upload> {
  const media_type = file.type.split(";", 1)[0] || UNKNOWN;
  const body: AskUpload = { purpose, name: file.name, media_type, size: file.size, room: room ?? null };
  const signed = await ask("POST /api/v1/uploads", { body }, signal);
  await send(file, signed, onProgress, signal);
  return await ask("POST /api/v1/uploads/{upload}/confirm", { path: { upload: signed.id } }, signal);
}

/** By XMLHttpRequest, for `fetch` does not tell how much was sent. */
function send(
  file: File,
  signed: SignedUpload,
  onProgress: Wishes["onProgress"],
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open(signed.method, signed.url);
    for (const [name, value] of Object.entries(signed.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0);
    request.onload = () => (request.status < 300 ? done() : failed(new Failure("upload_mismatch")));
    request.onerror = () => failed(new Failure("offline", "the store cannot be reached", true));
    request.onabort = () => failed(signal?.reason);
    signal?.addEventListener("abort", () => request.abort());
    request.send(signed.method === "PUT" ? file : formOf(signed, file));
  });
}

function formOf({ fields }: SignedUpload, file: File): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file); // the last: what stands behind it is not read
  return form;
}
