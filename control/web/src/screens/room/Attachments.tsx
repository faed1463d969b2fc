/** Pictures, sounds and files of a message. Each keeps its place while it comes. */

import type { Attachment } from "../../wire/socket.ts";
import { Icon } from "../../parts/Icon.tsx";
import { words } from "./words.ts";

const KIB = 1024;

export function Attachments({ files }: { readonly files: readonly Attachment[] }) {
  if (files.length === 0) return null;
  return (
    <ul class="say-files">
      {files.map((file) => (
        <li key={file.id}>
          <One file={file} />
        </li>
      ))}
    </ul>
  );
}

function One({ file }: { readonly file: Attachment }) {
  const address = `/api/v1/uploads/${file.id}/content`;
  if (file.media_type.startsWith("image/") && file.width && file.height) {
    return (
      <a href={address} target="_blank" rel="noopener">
        <img
          class="say-picture"
          src={`${address}?size=thumbnail`}
          alt={words.value.picture(file.name)}
          width={file.width}
          height={file.height}
          loading="lazy"
          decoding="async"
        />
      </a>
    );
  }
  if (file.media_type.startsWith("audio/")) {
    return <audio controls preload="none" src={address} aria-label={file.name} />;
  }
  return (
    <a class="say-file" href={address} target="_blank" rel="noopener">
      <Icon name="paperclip" />
      <span class="cut">{file.name}</span>
      <span class="small soft figures">{sizeOf(file.size)}</span>
    </a>
  );
}

/** A size as people say it. */
export function sizeOf(bytes: number): string {
  if (bytes < KIB) return `${bytes} B`;
  if (bytes < KIB * KIB) return `${Math.round(bytes / KIB)} KB`;
  return `${(bytes / KIB / KIB).toFixed(1)} MB`;
}
