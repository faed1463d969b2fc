import { isBlocked } from "../app/blocked.ts";
import { me } from "../app/session.ts";
import { path } from "../app/place.ts";
import { pathTo } from "../app/routes.ts";
import { Avatar } from "../parts/Avatar.tsx";
import { ButtonLink } from "../parts/Button.tsx";
import { Icon } from "../parts/Icon.tsx";
import { Empty, Failed, Skeleton } from "../parts/States.tsx";
import type { LastMessage, MyRoom } from "../wire/http.ts";
import { shortly } from "../words/times.ts";
import { reload, myRooms } from "./rooms.ts";
import "./rooms.css";
import { words } from "./words.ts";
import { titleOf } from "../words/titled.ts";

/** My rooms, who spoke last first: where one goes back to a conversation. */
export function RoomsColumn() {
  const mine = myRooms.value;
  return (
    <section aria-labelledby="my-rooms" class="my-rooms">
      <header class="my-rooms-head">
        <h2 id="my-rooms">{words.value.myRooms}</h2>
        <ButtonLink href="/rooms" kind="quiet" icon="plus">
          {words.value.findRoom}
        </ButtonLink>
      </header>
      {mine.kind === "loading" && <Skeleton rows={6} />}
      {mine.kind === "failed" && <Failed fault={mine.fault} onAgain={() => void reload()} />}
      {mine.kind === "ready" && mine.value.length === 0 && (
        <Empty
          title={words.value.noRooms}
          act={<ButtonLink href="/rooms">{words.value.findRoom}</ButtonLink>}
        >
          {words.value.noRoomsHint}
        </Empty>
      )}
      {mine.kind === "ready" && mine.value.length > 0 && (
        <ul class="rooms">
          {mine.value.map((room) => (
            <li key={room.id}>
              <RoomRow room={room} isHere={isIn(room.id)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Whether one is in this room, or in a thread of it. */
function isIn(room: string): boolean {
  return `${path.value}/`.startsWith(`${pathTo("/rooms/:room", { room })}/`);
}

function RoomRow({ room, isHere }: { readonly room: MyRoom; readonly isHere: boolean }) {
  const { last_message: last, unread, mentions } = room;
  const isQuiet = room.membership.notifications === "none";
  return (
    <a
      href={pathTo("/rooms/:room", { room: room.id })}
      class="room-row"
      aria-current={isHere ? "page" : undefined}
    >
      <RoomFace room={room} />
      <span class="room-row-title">
        {room.visibility === "secret" && <Icon name="lock" size={14} />}
        <span class="cut">{titleOf(room)}</span>
        {room.kind !== "direct" && <span class="room-row-count figures">{room.member_count}</span>}
      </span>
      {last !== null && (
        <time class="room-row-time figures" dateTime={new Date(last.at).toISOString()}>
          {shortly(last.at)}
        </time>
      )}
      <span class="room-row-last cut">{last === null ? words.value.nothingSaid : lastWords(room, last)}</span>
      {unread > 0 && (
        <span class={isQuiet ? "room-row-unread room-row-quiet" : "room-row-unread"}>
          <span aria-hidden="true" class="figures">
            {mentions > 0 && "@"}
            {unread > 99 ? "99+" : unread}
          </span>
          <span class="unseen">
            {mentions > 0 ? words.value.mentioned(unread) : words.value.unread(unread)}
          </span>
        </span>
      )}
    </a>
  );
}

/** The other one of two, or the room itself. */
function RoomFace({ room }: { readonly room: MyRoom }) {
  const [other] = room.faces;
  if (room.kind === "direct" && other !== undefined) {
    return <Avatar name={other.nickname} picture={other.avatar} state={other.state} />;
  }
  return <Avatar name={titleOf(room)} picture={room.image} />;
}

function lastWords(room: MyRoom, last: LastMessage): string {
  if (isBlocked(last.sender)) return words.value.folded;
  const kind = last.kind ?? "text";
  const said = kind === "system" ? "" : last.text;
  const text = last.deleted === true ? words.value.deleted : said !== "" ? said : nameOfKind(kind);
  if (last.sender === me.value?.id) return `${words.value.i}: ${text}`;
  const sender = room.kind === "direct" ? undefined : room.faces.find((face) => face.id === last.sender);
  return sender === undefined ? text : `${sender.nickname}: ${text}`;
}

function nameOfKind(kind: string): string {
  const names: Readonly<Record<string, string>> = {
    image: words.value.picture,
    file: words.value.file,
    audio: words.value.audio,
    system: words.value.system,
  };
  return names[kind] ?? "";
}
