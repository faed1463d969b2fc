/** What was written before this page was loaded goes out once somebody is here and connected, wherever they look. */

import { computed, effect } from "@preact/signals";
import { Unsaid } from "../room/unsaid.ts";
import { chat, me } from "./session.ts";

const myId = computed(() => me.value?.id);

effect(() => {
  const client = chat.value;
  const user = myId.value;
  if (client === undefined || user === undefined || new Unsaid(user).rooms(Date.now()).length === 0) return;
  const isStill = () => chat.peek() === client;
  import("../screens/room/opened.ts").then(
    ({ sendLeft }) => isStill() && sendLeft(client, user),
    () => undefined, // it is sent when its room is opened, or this page loaded anew
  );
});
