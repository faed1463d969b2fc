/** The pictures of a room's messages, the newest first. Pure. */

import type { Attachment, Message, Page } from "../../wire/socket.ts";
import type { Page as Items } from "../../app/pages.ts";
import { Lately } from "../../room/lately.ts";

export interface Shown {
  readonly picture: Attachment;
  /** The message that it is of. */
  readonly event: Message;
}

/** What a page of pictures shows to the reader `me`; its cursor is the seq before which the next page lies. */
export function picturesOf(page: Page, me: string): Items<Shown> {
  const sayings = [...new Lately(me).sayings(page).values()].reverse();
  return {
    items: sayings.flatMap(({ event, attachments }) =>
      attachments
        .filter(({ media_type }) => media_type.startsWith("image/"))
        .map((picture) => ({ picture, event })),
    ),
    next: page.more ? (page.events[0]?.seq.toString() ?? null) : null,
  };
}
