// Made by `python -m control.typescript`; not to be edited.

export type Command = Hello | AuthRefresh | RoomOpen | RoomClose | MessageSend | MessageEdit | MessageDelete | ReactionAdd | ReactionRemove | PinAdd | PinRemove | HistoryPage | HistoryThread | HistoryPins | HistorySearch | HistoryEdits | TypingSet | PresenceSet | PresenceQuery | OnlineWatch | ReadMark | TimerStart | TimerPause | TimerResume | TimerReset | EmoteShow | CallJoin | CallLeave | CallSwitch | CallTell | CallAsk | Ping;

export type Event = Message | MessageEdited | MessageDeleted | Reaction | Pin | Member | RoomChange | Timer | Void;

export type News = Welcome | Opened | Closed | Reset | TimerNow | CallJoined | CallLeft | CallMedia | CallState | CallSignal | CallEnded | Presence | Online | Notice | Profile | Typing | Emote | Read | PersonalRoom | PersonalRead | PersonalMessage | PersonalMention | PersonalInvitation | PersonalApplication | PersonalClass | PersonalBoard | PersonalBadge | PersonalMatch | PersonalApplied | PersonalPost | PersonalRelation | PersonalAccount | PersonalExpiring | Reconnect;

/** Every frame a server sends but the answers to commands. */
export type Push = Event | News;

/** What each command is answered with when it is granted. */
export interface Answers {
  hello: Done;
  "auth.refresh": Refreshed;
  "room.open": RoomOpened;
  "room.close": Done;
  "message.send": Sent;
  "message.edit": Sent;
  "message.delete": Sent;
  "reaction.add": Sent;
  "reaction.remove": Sent;
  "pin.add": Sent;
  "pin.remove": Sent;
  "history.page": Page;
  "history.thread": Page;
  "history.pins": Page;
  "history.search": Found;
  "history.edits": Page;
  typing: Done;
  "presence.set": Done;
  "presence.query": PresenceStates;
  "online.watch": OnlineCount;
  "read.mark": ReadUpTo;
  "timer.start": Sent;
  "timer.pause": Sent;
  "timer.resume": Sent;
  "timer.reset": Sent;
  emote: Done;
  "call.join": CallIn;
  "call.leave": Done;
  "call.media": Done;
  "call.signal": Done;
  "call.state": CallNow;
  ping: Pong;
}

/** The codes each command may be refused with. */
export interface Refusals {
  hello: "conflict" | "invalid" | "overloaded" | "rate_limited" | "too_many_connections";
  "auth.refresh": "invalid" | "overloaded" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unavailable";
  "room.open": "forbidden" | "invalid" | "not_a_member" | "overloaded" | "rate_limited" | "too_many_rooms" | "unavailable";
  "room.close": "invalid" | "overloaded" | "rate_limited";
  "message.send": "attachment_not_found" | "blocked" | "blocked_by_me" | "bus_unavailable" | "forbidden" | "invalid" | "log_unavailable" | "mention_not_member" | "message_deleted" | "message_not_found" | "muted" | "not_a_member" | "overloaded" | "rate_limited" | "slow_mode" | "text_empty" | "text_too_long" | "token_expired" | "unavailable";
  "message.edit": "blocked" | "blocked_by_me" | "bus_unavailable" | "forbidden" | "invalid" | "log_unavailable" | "mention_not_member" | "message_deleted" | "message_not_found" | "muted" | "not_a_member" | "overloaded" | "rate_limited" | "text_empty" | "text_too_long" | "token_expired" | "unavailable";
  "message.delete": "blocked" | "blocked_by_me" | "bus_unavailable" | "forbidden" | "invalid" | "log_unavailable" | "message_deleted" | "message_not_found" | "muted" | "not_a_member" | "overloaded" | "rate_limited" | "token_expired" | "unavailable";
  "reaction.add": "blocked" | "blocked_by_me" | "bus_unavailable" | "forbidden" | "invalid" | "log_unavailable" | "message_deleted" | "message_not_found" | "muted" | "not_a_member" | "overloaded" | "rate_limited" | "token_expired" | "too_many_reactions" | "unavailable";
  "reaction.remove": "blocked" | "blocked_by_me" | "bus_unavailable" | "forbidden" | "invalid" | "log_unavailable" | "message_deleted" | "message_not_found" | "muted" | "not_a_member" | "not_found" | "overloaded" | "rate_limited" | "token_expired" | "unavailable";
  "pin.add": "blocked" | "blocked_by_me" | "bus_unavailable" | "forbidden" | "invalid" | "log_unavailable" | "message_deleted" | "message_not_found" | "muted" | "not_a_member" | "overloaded" | "rate_limited" | "token_expired" | "too_many_pins" | "unavailable";
  "pin.remove": "blocked" | "blocked_by_me" | "bus_unavailable" | "forbidden" | "invalid" | "log_unavailable" | "message_deleted" | "message_not_found" | "muted" | "not_a_member" | "not_found" | "overloaded" | "rate_limited" | "token_expired" | "unavailable";
  "history.page": "forbidden" | "invalid" | "log_unavailable" | "not_a_member" | "overloaded" | "rate_limited" | "unavailable";
  "history.thread": "forbidden" | "invalid" | "message_not_found" | "not_a_member" | "overloaded" | "rate_limited" | "unavailable";
  "history.pins": "forbidden" | "invalid" | "not_a_member" | "overloaded" | "rate_limited" | "unavailable";
  "history.search": "forbidden" | "invalid" | "not_a_member" | "overloaded" | "rate_limited" | "text_empty" | "unavailable";
  "history.edits": "forbidden" | "invalid" | "message_deleted" | "message_not_found" | "not_a_member" | "overloaded" | "rate_limited" | "unavailable";
  typing: "blocked" | "blocked_by_me" | "forbidden" | "invalid" | "muted" | "not_a_member" | "overloaded" | "rate_limited" | "token_expired" | "unavailable";
  "presence.set": "invalid" | "overloaded" | "rate_limited";
  "presence.query": "forbidden" | "invalid" | "overloaded" | "rate_limited" | "unavailable";
  "online.watch": "forbidden" | "invalid" | "overloaded" | "rate_limited" | "unavailable";
  "read.mark": "forbidden" | "invalid" | "not_a_member" | "overloaded" | "rate_limited" | "token_expired" | "unavailable";
  "timer.start": "blocked" | "blocked_by_me" | "bus_unavailable" | "forbidden" | "invalid" | "log_unavailable" | "muted" | "not_a_member" | "overloaded" | "rate_limited" | "room_not_open" | "timer_running" | "token_expired" | "unavailable";
  "timer.pause": "blocked" | "blocked_by_me" | "bus_unavailable" | "forbidden" | "invalid" | "log_unavailable" | "muted" | "not_a_member" | "overloaded" | "rate_limited" | "room_not_open" | "timer_not_running" | "token_expired" | "unavailable";
  "timer.resume": "blocked" | "blocked_by_me" | "bus_unavailable" | "forbidden" | "invalid" | "log_unavailable" | "muted" | "not_a_member" | "overloaded" | "rate_limited" | "room_not_open" | "timer_not_paused" | "token_expired" | "unavailable";
  "timer.reset": "blocked" | "blocked_by_me" | "bus_unavailable" | "forbidden" | "invalid" | "log_unavailable" | "muted" | "no_timer" | "not_a_member" | "overloaded" | "rate_limited" | "room_not_open" | "token_expired" | "unavailable";
  emote: "blocked" | "blocked_by_me" | "forbidden" | "invalid" | "muted" | "not_a_member" | "overloaded" | "rate_limited" | "token_expired" | "unavailable";
  "call.join": "blocked" | "blocked_by_me" | "call_full" | "forbidden" | "invalid" | "muted" | "not_a_member" | "overloaded" | "peer_taken" | "rate_limited" | "room_not_open" | "token_expired" | "unavailable";
  "call.leave": "invalid" | "overloaded" | "rate_limited" | "unavailable";
  "call.media": "blocked" | "blocked_by_me" | "forbidden" | "invalid" | "muted" | "not_a_member" | "not_in_call" | "overloaded" | "rate_limited" | "token_expired" | "unavailable";
  "call.signal": "blocked" | "blocked_by_me" | "forbidden" | "invalid" | "muted" | "not_a_member" | "not_in_call" | "overloaded" | "peer_away" | "peer_gone" | "rate_limited" | "token_expired" | "unavailable";
  "call.state": "forbidden" | "invalid" | "overloaded" | "rate_limited" | "room_not_open" | "unavailable";
  ping: "invalid" | "overloaded" | "rate_limited";
}

/** The one answer to a command that carried an `id`. */
export type Reply =
  | { readonly type: "reply"; readonly id: string; readonly ok: unknown }
  | { readonly type: "reply"; readonly id: string; readonly error: Error };

/** What lasts: it has a `seq`, and is replayed. */
export const EVENTS: ReadonlySet<string> = new Set(["message", "message.edited", "message.deleted", "reaction", "pin", "member", "room", "timer", "void"]);

/** A file: its upload id, its size in bytes, and of a picture its width and height in pixels. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly media_type: string;
  readonly size: number;
  readonly width?: number | null;
  readonly height?: number | null;
}

/** A newer access token of the same session; the connection lives on with it. */
export interface AuthRefresh {
  readonly type: "auth.refresh";
  readonly token: string;
  readonly id?: string | null;
}

/** Who is in the call, for whoever missed a change: their versions follow one another. */
export interface CallAsk {
  readonly type: "call.state";
  readonly room: string;
  readonly id?: string | null;
}

/**
 * My `peer` is in the call no more, by this connection: it is another connection's (`elsewhere`), or was `lost`.
 *
 * What was lost is to be joined again, with the same `peer`: the others may not even have noticed.
 */
export interface CallEnded {
  readonly type: "call.ended";
  readonly room: string;
  readonly peer: string;
  readonly why: "elsewhere" | "expelled" | "lost";
}

/**
 * `call.join`: in the call as `peer`, and how to reach the others. Who is in already waits to be offered something by
 * who came later, so that no two offer to each other at once.
 */
export interface CallIn {
  readonly peer: string;
  readonly call: CallNow;
  readonly ice_servers: readonly IceServer[];
}

/**
 * Come into the room's call with this device; the room is open. One connection has one peer in a room's call.
 *
 * `peer` is an id of the client's own making. Joining again with it, over whichever connection and replica, takes up the
 * same place, and nobody hears that it was left; so it may be repeated after any failure, and is to be repeated when a
 * connection is back. Without one the server makes it. Who is muted joins with both off.
 */
export interface CallJoin {
  readonly type: "call.join";
  readonly room: string;
  readonly peer?: string | null;
  readonly mic?: boolean;
  readonly camera?: boolean;
  readonly id?: string | null;
}

/** A peer came into the call, at `at`. */
export interface CallJoined {
  readonly type: "call.joined";
  readonly room: string;
  readonly version: number;
  readonly count: number;
  readonly at: number;
  readonly peer: string;
  readonly user: string;
  readonly mic: boolean;
  readonly camera: boolean;
}

/** Leave the call. Closing the room does so, too. */
export interface CallLeave {
  readonly type: "call.leave";
  readonly room: string;
  readonly id?: string | null;
}

/** A peer left the call, or was `lost`: nothing was heard of it for a while. */
export interface CallLeft {
  readonly type: "call.left";
  readonly room: string;
  readonly version: number;
  readonly count: number;
  readonly at: number;
  readonly peer: string;
  readonly user: string;
  readonly why: "left" | "lost";
}

/** A peer turned its microphone or camera on or off. */
export interface CallMedia {
  readonly type: "call.media";
  readonly room: string;
  readonly version: number;
  readonly count: number;
  readonly at: number;
  readonly peer: string;
  readonly user: string;
  readonly mic: boolean;
  readonly camera: boolean;
}

/** A room's call after its change `version` (0: none yet): who is in it, in the order in which they came. */
export interface CallNow {
  readonly version: number;
  readonly peers: readonly CallPeer[];
}

/** A device in a call. `peer` names it, `user` is whose it is; a person may be in a call with several. */
export interface CallPeer {
  readonly peer: string;
  readonly user: string;
  readonly mic: boolean;
  readonly camera: boolean;
  readonly joined_at: number;
}

/** The peer `from_peer`, which is `user`'s, tells my `peer` something. */
export interface CallSignal {
  readonly type: "call.signal";
  readonly room: string;
  readonly peer: string;
  readonly from_peer: string;
  readonly user: string;
  readonly data: SignalOffer | SignalAnswer | SignalCandidate;
}

/** Who is in the call of a room I have open, for all who cannot know it from its changes. */
export interface CallState {
  readonly type: "call.state";
  readonly room: string;
  readonly call: CallNow;
}

/** I turned my microphone or my camera on or off. */
export interface CallSwitch {
  readonly type: "call.media";
  readonly room: string;
  readonly mic: boolean;
  readonly camera: boolean;
  readonly id?: string | null;
}

/**
 * Tell another peer of the call something, `MAX_SIGNAL` bytes at most. Peers hear each other's in order.
 *
 * It is told to the connection that speaks for the peer at that moment, and not again: an offer that nobody answers within
 * some seconds is best made anew.
 */
export interface CallTell {
  readonly type: "call.signal";
  readonly room: string;
  readonly to: string;
  readonly data: SignalOffer | SignalAnswer | SignalCandidate;
  readonly id?: string | null;
}

/** A room is no longer open on this connection, and why: the code of an error, as `not_a_member`. */
export interface Closed {
  readonly type: "closed";
  readonly room: string;
  readonly code: string;
}

/** There is nothing more to say. */
export interface Done {
}

/** What a message says since an edit. */
export interface Edited {
  readonly seq: number;
  readonly at: number;
  readonly text: string;
  readonly mentions?: readonly string[];
}

/** Somebody shows an emoji, mine too, in a room I have open: on their tile, for three seconds. Not across a block. */
export interface Emote {
  readonly type: "emote";
  readonly room: string;
  readonly user: string;
  readonly emoji: string;
  readonly at: number;
}

/** Show an emoji on my tile for a moment: any one, or `happy`, `love`, `bad` or `sad`. It is not kept. */
export interface EmoteShow {
  readonly type: "emote";
  readonly room: string;
  readonly emoji: string;
  readonly id?: string | null;
}

/** Why not: a stable code, a sentence for people, and whether (and when) to try again. */
export interface Error {
  readonly code: string;
  readonly message: string;
  readonly temporary?: boolean;
  readonly retry_after_ms?: number | null;
}

/**
 * `history.search`: messages, the newest first, and what they have become.
 *
 * A message is as new as its present text. `next` is where to go on, even when nothing was found yet: one search does a
 * bounded amount of work. Without it everything was looked through.
 */
export interface Found {
  readonly events: readonly (Message | MessageEdited | MessageDeleted | Reaction | Pin | Member | RoomChange | Timer | Void)[];
  readonly next?: number | null;
  readonly states?: readonly State[];
}

/** The first frame: who I am (unless header or cookie said so), and where I was in each room. */
export interface Hello {
  readonly type: "hello";
  readonly token?: string | null;
  readonly version?: number;
  readonly language?: "en" | "ko" | null;
  readonly state?: "away" | "online";
  readonly resume?: { readonly [name: string]: Position };
  readonly id?: string | null;
}

/** For moderators: a message as it was first, and its edits, in order; the newest when `before` is not given. */
export interface HistoryEdits {
  readonly type: "history.edits";
  readonly room: string;
  readonly of: number;
  readonly before?: number | null;
  readonly limit?: number;
  readonly id?: string | null;
}

/**
 * Events before, after or around a seq, in order of seq; the newest when none is given.
 *
 * `only` leaves out all but messages that are pictures.
 */
export interface HistoryPage {
  readonly type: "history.page";
  readonly room: string;
  readonly before?: number | null;
  readonly after?: number | null;
  readonly around?: number | null;
  readonly limit?: number;
  readonly only?: "images" | null;
  readonly id?: string | null;
}

/** The messages that are pinned, what was pinned last first; `before` is the seq of a pin, as its state tells it. */
export interface HistoryPins {
  readonly type: "history.pins";
  readonly room: string;
  readonly before?: number | null;
  readonly id?: string | null;
}

/**
 * Messages whose present text has all the words of `text`, each anywhere inside a word, whatever the case; the newest first.
 *
 * `before` is `next` of the page before.
 */
export interface HistorySearch {
  readonly type: "history.search";
  readonly room: string;
  readonly text: string;
  readonly before?: number | null;
  readonly limit?: number;
  readonly id?: string | null;
}

/** The message `of`, and the replies to it before or after a seq, in order; the newest when none is given. */
export interface HistoryThread {
  readonly type: "history.thread";
  readonly room: string;
  readonly of: number;
  readonly before?: number | null;
  readonly after?: number | null;
  readonly limit?: number;
  readonly id?: string | null;
}

/** Servers for a browser's `RTCPeerConnection`, as its `iceServers` take them. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string | null;
  readonly credential?: string | null;
}

/** By which event, when and by whom a message was deleted or pinned. */
export interface Marked {
  readonly seq: number;
  readonly at: number;
  readonly by: string;
}

/** Somebody in a match, and what they are called. */
export interface MatchPerson {
  readonly user: string;
  readonly name: string;
}

/**
 * Somebody joined or left, or may do more or less than before. `name` is the nickname at that moment.
 *
 * `role` is the new one, with the change `role`; `until` (ms since 1970 UTC) when a mute ends, or a ban that does. `by`
 * is who did it when it was another.
 */
export interface Member {
  readonly type: "member";
  readonly user: string;
  readonly name: string;
  readonly change: "banned" | "joined" | "kicked" | "left" | "muted" | "role" | "unbanned" | "unmuted";
  readonly role?: "member" | "moderator" | "owner" | null;
  readonly until?: number | null;
  readonly by?: string | null;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/**
 * Somebody said something. `mseq` counts messages alone, for unread counts.
 *
 * `origin` is there when no person said it: a bot, which is its `sender`, or a room's incoming webhook, whose id is the
 * `sender` and which calls itself `name`.
 *
 * The kind `system` is the room's own word, with no sender (''): `system` says what, and `text` says it for whoever does
 * not know the code. It counts as unread as any message does, mentions nobody, and no search finds it. Nobody can send it.
 *
 * What was deleted has an empty `text`, carries nothing and mentions nobody, wherever it is read from then on.
 */
export interface Message {
  readonly type: "message";
  readonly mseq: number;
  readonly sender: string;
  readonly client_id: string;
  readonly text: string;
  readonly reply_to?: number | null;
  readonly mentions?: readonly string[];
  readonly mention_all?: boolean;
  readonly kind?: "audio" | "file" | "image" | "system" | "text";
  readonly attachments?: readonly Attachment[];
  readonly origin?: "bot" | "hook" | null;
  readonly name?: string | null;
  readonly system?: SystemWord | null;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** Take it back: mine, or as a moderator anybody's. A tombstone stays; what it said is gone for everybody. */
export interface MessageDelete {
  readonly type: "message.delete";
  readonly room: string;
  readonly client_id: string;
  readonly of: number;
  readonly id?: string | null;
}

/** The message `of` is gone; its place stays. */
export interface MessageDeleted {
  readonly type: "message.deleted";
  readonly of: number;
  readonly by: string;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** Say it in other words; my own messages only. What was mentioned before is replaced, and nobody is told anew. */
export interface MessageEdit {
  readonly type: "message.edit";
  readonly room: string;
  readonly client_id: string;
  readonly of: number;
  readonly text: string;
  readonly mentions?: readonly string[];
  readonly id?: string | null;
}

/** The message `of` says something else now. */
export interface MessageEdited {
  readonly type: "message.edited";
  readonly of: number;
  readonly text: string;
  readonly by: string;
  readonly mentions?: readonly string[];
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/**
 * Say something. The same `client_id` of the same sender in the same room is the same message, however often sent.
 *
 * `reply_to` is the seq of the message this answers. `mentions` are members; `mention_all` is for moderators.
 * `attachments` are confirmed uploads of one's own for this room, one at least for every `kind` but `text`, which has
 * none: pictures for `image`, sounds for `audio`, anything for `file`. Then `text` may be empty.
 */
export interface MessageSend {
  readonly type: "message.send";
  readonly room: string;
  readonly client_id: string;
  readonly text: string;
  readonly reply_to?: number | null;
  readonly mentions?: readonly string[];
  readonly mention_all?: boolean;
  readonly kind?: "audio" | "file" | "image" | "text";
  readonly attachments?: readonly string[];
  readonly id?: string | null;
}

/**
 * Admins published a notice, changed it or withdrew it. `ko` and `en` are its titles; the whole of it is had over HTTP.
 *
 * Everybody hears it, a few seconds late at most. `at` is when it was published.
 */
export interface Notice {
  readonly type: "notice";
  readonly notice: string;
  readonly change: "changed" | "published" | "withdrawn";
  readonly pinned: boolean;
  readonly ko: string;
  readonly en: string;
  readonly at: number;
}

/** How many people are here, over all rooms; for whoever asked with `online.watch`, every few seconds at most. */
export interface Online {
  readonly type: "online";
  readonly count: number;
}

/** `online.watch`: how many people are here now. */
export interface OnlineCount {
  readonly count: number;
}

/** How many people are here, over all rooms: tell me now and, with `on`, whenever it changes. */
export interface OnlineWatch {
  readonly type: "online.watch";
  readonly on?: boolean;
  readonly id?: string | null;
}

/** A room of `hello.resume` is open; what was missed follows. The same body answers `room.open`. */
export interface Opened {
  readonly type: "opened";
  readonly room: string;
  readonly position: Position;
  readonly participants: readonly Participant[];
  readonly online: number;
  readonly away: number;
  readonly timer?: TimerState | null;
  readonly call?: CallNow | null;
}

/**
 * A page of history: events in order of seq; `more` when there are others beyond, in the direction asked.
 *
 * Backward when no direction is said. Around a seq, `more` is about older ones and `newer` about newer ones. A thread begins
 * with its message, whichever replies follow. `states` holds what the messages among the events have become, of those
 * that something happened to; in them is all that happened up to the seq `as_of`, and perhaps something later. What was
 * heard after that seq, before the page came, is not to be undone by it. Over HTTP it is not told.
 */
export interface Page {
  readonly events: readonly (Message | MessageEdited | MessageDeleted | Reaction | Pin | Member | RoomChange | Timer | Void)[];
  readonly more: boolean;
  readonly newer?: boolean;
  readonly states?: readonly State[];
  readonly as_of?: number | null;
}

/** A member of a room who is here. */
export interface Participant {
  readonly user: string;
  readonly state: "away" | "online";
}

/** What may be known of somebody. Who hides from me is offline, without `last_seen`. */
export interface PersonState {
  readonly user: string;
  readonly state: "away" | "offline" | "online";
  readonly last_seen?: number | null;
}

/** My account was changed, here or on another device: a contact, the password, or who else vouches for me at log-in. */
export interface PersonalAccount {
  readonly type: "personal.account";
  readonly change: "email" | "linked" | "password" | "phone" | "unlinked";
}

/**
 * My application to be a mentor was decided; `reason` is why it was rejected.
 *
 * When it was authorized I may do more from now on: a new access token says so over HTTP, too.
 */
export interface PersonalApplication {
  readonly type: "personal.application";
  readonly application: string;
  readonly state: "authorized" | "rejected";
  readonly reason?: string;
}

/**
 * I look for company at random, here or on another device, until `expires_at`; or do so no more: I cancelled it, or
 * nobody came who fits. When somebody does, `personal.match` says so instead.
 */
export interface PersonalApplied {
  readonly type: "personal.applied";
  readonly application: string;
  readonly category: "meal" | "study";
  readonly change: "cancelled" | "expired" | "waiting";
  readonly expires_at: number;
}

/** I was awarded a badge, or an admin took one back that had been granted. `badge` is its key, `ko` and `en` its names. */
export interface PersonalBadge {
  readonly type: "personal.badge";
  readonly badge: string;
  readonly ko: string;
  readonly en: string;
  readonly change: "awarded" | "taken_back";
  readonly at: number;
}

/**
 * Somebody did something about a post of mine on the board, at the question of this `title`. `answered`: my question, by
 * the answer `post`; `commented`: my question or answer, by the comment `post`; `replied`: my comment, by that one;
 * `chosen`: my answer `post` is the best one, and I was given points for it.
 */
export interface PersonalBoard {
  readonly type: "personal.board";
  readonly question: string;
  readonly title: string;
  readonly post: string;
  readonly by: string;
  readonly name: string;
  readonly change: "answered" | "chosen" | "commented" | "replied";
}

/**
 * News of the class `of`. `opened`: a mentor whom I follow gives it; `admitted`: I came off the waiting list, paid, and am
 * in; `moved`: what I registered for, or wait for, begins at another time; `closed`: I waited in vain; `called_off`: it does
 * not take place, and what I paid is refunded.
 */
export interface PersonalClass {
  readonly type: "personal.class";
  readonly of: string;
  readonly title: string;
  readonly mentor: string;
  readonly name: string;
  readonly starts_at: number;
  readonly change: "admitted" | "called_off" | "closed" | "moved" | "opened";
}

/** The token ends at `expires_at`; `auth.refresh` renews it without reconnecting. */
export interface PersonalExpiring {
  readonly type: "personal.expiring";
  readonly expires_at: number;
}

/** Somebody asked me into a room. `name` is who asked, as he is called; `invitation` is to be accepted over HTTP. */
export interface PersonalInvitation {
  readonly type: "personal.invitation";
  readonly invitation: string;
  readonly room: string;
  readonly title: string;
  readonly by: string;
  readonly name: string;
}

/**
 * I am matched: with these people, me among them, to meet about `title` at `meets_at`; `room` is ours, and I am in it.
 * `title_en` is the title in English, where nobody wrote it.
 */
export interface PersonalMatch {
  readonly type: "personal.match";
  readonly match: string;
  readonly category: "meal" | "study";
  readonly origin: "post" | "random";
  readonly title: string;
  readonly room: string;
  readonly meets_at: number;
  readonly people: readonly MatchPerson[];
  readonly title_en?: string | null;
}

/** Somebody mentions me, or everybody, in a room of mine that I have not open here. */
export interface PersonalMention {
  readonly type: "personal.mention";
  readonly room: string;
  readonly seq: number;
  readonly mseq: number;
  readonly by: string;
}

/**
 * Something was said in a room of mine that I have not open here: its newest message, told once a second at most.
 *
 * The room has had `mseq` messages: what is above the last that I have read is unread. My own have been read.
 */
export interface PersonalMessage {
  readonly type: "personal.message";
  readonly room: string;
  readonly seq: number;
  readonly mseq: number;
  readonly at: number;
  readonly sender: string;
}

/**
 * News of a post that looks for company, which I wrote or am in. `joined`, `left`, `commented`, `changed`, `cancelled`:
 * somebody did that, by their `mark` there, and by name where it is not anonymous; an admin who cancels it has neither.
 * `over`: nobody confirmed it in time; `left_out`: it was confirmed without me.
 */
export interface PersonalPost {
  readonly type: "personal.post";
  readonly post: string;
  readonly title: string;
  readonly change: "cancelled" | "changed" | "commented" | "joined" | "left" | "left_out" | "over";
  readonly mark?: number | null;
  readonly by?: string | null;
  readonly name?: string | null;
}

/**
 * How far I have read a room, here or on another device: up to `mseq`, with so much unread after it.
 *
 * `mentions` counts to 100; without it, it could not be known.
 */
export interface PersonalRead {
  readonly type: "personal.read";
  readonly room: string;
  readonly mseq: number;
  readonly unread: number;
  readonly mentions?: number | null;
}

/** I put somebody on a list of mine or took them off, here or on another device. */
export interface PersonalRelation {
  readonly type: "personal.relation";
  readonly user: string;
  readonly kind: "blocked" | "favourite" | "friend" | "hidden";
  readonly change: "added" | "removed";
}

/**
 * My own membership changed, here or on another device; `role` and `until` are as in `member`.
 *
 * `archived`: the room was closed for good. Whoever is out of a room forgets the presence of those known from there alone:
 * nothing more is told of them. Those who stay are told that I am offline, unless they may know of me from elsewhere.
 */
export interface PersonalRoom {
  readonly type: "personal.room";
  readonly room: string;
  readonly change: "banned" | "joined" | "kicked" | "left" | "muted" | "role" | "unbanned" | "unmuted" | "archived";
  readonly role?: "member" | "moderator" | "owner" | null;
  readonly until?: number | null;
}

/** The message `of` was pinned or unpinned. */
export interface Pin {
  readonly type: "pin";
  readonly of: number;
  readonly change: "pinned" | "unpinned";
  readonly by: string;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** Pin a message for all to see; moderators, or either person of a direct room. `MAX_PINS` at most. */
export interface PinAdd {
  readonly type: "pin.add";
  readonly room: string;
  readonly client_id: string;
  readonly of: number;
  readonly id?: string | null;
}

/** Unpin it. */
export interface PinRemove {
  readonly type: "pin.remove";
  readonly room: string;
  readonly client_id: string;
  readonly of: number;
  readonly id?: string | null;
}

/** Are you there, and what time is it? */
export interface Ping {
  readonly type: "ping";
  readonly id?: string | null;
}

/** `ping`: the server's time. */
export interface Pong {
  readonly now: number;
}

/** A place in a room: everything up to and with `seq` is known. */
export interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/**
 * Somebody whose presence you may know came, turned away, or went: a friend, or one who shares an open room with you.
 *
 * `at` is when it was told; `last_seen`, of one who is offline, when the last of their connections ended.
 */
export interface Presence {
  readonly type: "presence";
  readonly user: string;
  readonly state: "away" | "offline" | "online";
  readonly at: number;
  readonly last_seen?: number | null;
}

/** Who of these people is here, as far as I may know. */
export interface PresenceQuery {
  readonly type: "presence.query";
  readonly users: readonly string[];
  readonly id?: string | null;
}

/** I am at this device, or away from it. A person is away when all of their devices are; a lost one has no say. */
export interface PresenceSet {
  readonly type: "presence.set";
  readonly state: "away" | "online";
  readonly id?: string | null;
}

/** `presence.query`: everybody who was asked for, once, in that order. */
export interface PresenceStates {
  readonly people: readonly PersonState[];
}

/**
 * Somebody who shares a room with me, is on my list of friends, or is me, is called otherwise or looks otherwise.
 *
 * `avatar` is the id of an upload, `badge` the key of the badge they show. What is left out is none.
 */
export interface Profile {
  readonly type: "profile";
  readonly user: string;
  readonly nickname: string;
  readonly avatar?: string | null;
  readonly status?: string;
  readonly badge?: string | null;
}

/** A person's emoji came onto the message `of`, or went. */
export interface Reaction {
  readonly type: "reaction";
  readonly of: number;
  readonly emoji: string;
  readonly change: "added" | "removed";
  readonly user: string;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** One emoji, once a person. Adding it again is answered with the place of the first. */
export interface ReactionAdd {
  readonly type: "reaction.add";
  readonly room: string;
  readonly client_id: string;
  readonly of: number;
  readonly emoji: string;
  readonly id?: string | null;
}

/** Take my emoji back. Where there is none, the answer is the place of the last word on it, or `not_found`. */
export interface ReactionRemove {
  readonly type: "reaction.remove";
  readonly room: string;
  readonly client_id: string;
  readonly of: number;
  readonly emoji: string;
  readonly id?: string | null;
}

/** An emoji on a message: how many people, the first `MAX_REACTORS` of them, and whether the reader is one. */
export interface Reactions {
  readonly emoji: string;
  readonly count: number;
  readonly users: readonly string[];
  readonly mine?: boolean;
}

/**
 * Somebody else has read a room I have open up to the message `mseq`. Rooms of more than 200 are not told, nor is
 * anybody across a block.
 *
 * Who says something has read what stood before it, which is not told besides.
 */
export interface Read {
  readonly type: "read";
  readonly room: string;
  readonly user: string;
  readonly mseq: number;
}

/**
 * I have read everything up to and with the message `mseq`. It never goes back, nor beyond what the room has had.
 *
 * Saying something marks what stood before it as read.
 */
export interface ReadMark {
  readonly type: "read.mark";
  readonly room: string;
  readonly mseq: number;
  readonly id?: string | null;
}

/** `read.mark` is stored: how far I have read, which may be further. */
export interface ReadUpTo {
  readonly mseq: number;
}

/** This replica is going away: come back after this long, to any replica, with your positions. */
export interface Reconnect {
  readonly type: "reconnect";
  readonly after_ms: number;
}

/** `auth.refresh`: the new end. */
export interface Refreshed {
  readonly expires_at: number;
}

/** What this client holds of the room cannot be continued: forget it, load history, go on from `position`. */
export interface Reset {
  readonly type: "reset";
  readonly room: string;
  readonly position: Position;
  readonly reason: "behind" | "epoch" | "hole";
}

/**
 * The room itself changed: its fields that did, with their new values. `slow_mode` is in seconds, 0 for off;
 * `image` is the id of an upload.
 */
export interface RoomChange {
  readonly type: "room";
  readonly title?: string;
  readonly description?: string;
  readonly category?: string | null;
  readonly tags?: readonly string[];
  readonly capacity?: number;
  readonly visibility?: "private" | "public" | "secret";
  readonly history?: "all" | "joined";
  readonly slow_mode?: number;
  readonly image?: string | null;
  readonly by?: string | null;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** Stop hearing this room. Membership stays. */
export interface RoomClose {
  readonly type: "room.close";
  readonly room: string;
  readonly id?: string | null;
}

/** Hear this room from now on; with `resume`, from there on. */
export interface RoomOpen {
  readonly type: "room.open";
  readonly room: string;
  readonly resume?: Position | null;
  readonly id?: string | null;
}

/**
 * `room.open`: events after `position` follow.
 *
 * `participants` are the members who are here, at most 500, those who are not away first; `online` and `away` count all.
 * `timer` and `call` are the room's as they are now, which may be later than `position`; without them, `timer.now` and
 * `call.state` will tell.
 */
export interface RoomOpened {
  readonly room: string;
  readonly position: Position;
  readonly participants: readonly Participant[];
  readonly online: number;
  readonly away: number;
  readonly timer?: TimerState | null;
  readonly call?: CallNow | null;
}

/** A message or a change is stored: its place and its time. The same answer for every retry. */
export interface Sent {
  readonly seq: number;
  readonly mseq: number;
  readonly at: number;
}

/** What I take of your offer. */
export interface SignalAnswer {
  readonly kind: "answer";
  readonly sdp: string;
}

/** An address at which I may be reached (RFC 8838), of the part `sdp_mid` or the `sdp_line`th; empty after the last. */
export interface SignalCandidate {
  readonly kind: "candidate";
  readonly candidate: string;
  readonly sdp_mid?: string | null;
  readonly sdp_line?: number | null;
  readonly username_fragment?: string | null;
}

/** What I would send and take (RFC 8829). */
export interface SignalOffer {
  readonly kind: "offer";
  readonly sdp: string;
}

/**
 * What the message `seq` has become. What was deleted is that and no more, but for its replies.
 *
 * `replies` counts to 1000 at most; `replied` is the seq of the last reply that it counts: those after it come on top.
 */
export interface State {
  readonly seq: number;
  readonly edited?: Edited | null;
  readonly deleted?: Marked | null;
  readonly pinned?: Marked | null;
  readonly reactions?: readonly Reactions[];
  readonly replies?: number;
  readonly replied?: number;
}

/** What a room says by itself: a code, one of those in this document, and what it is about, to be said in one's language. */
export interface SystemWord {
  readonly code: string;
  readonly params?: { readonly [name: string]: string | number };
}

/**
 * Something happened to the room's timer. Whoever applies these to it, in their order, has the timer of everybody:
 *
 * - `started` (with `duration_ms`): it runs, and ends at `at + duration_ms`, whatever was before;
 * - `paused`, while it runs and is not over: it stands still, with `ends_at - at` left;
 * - `resumed`, while it is paused: it runs, and ends at `at` and what was left;
 * - `reset`: there is none;
 * - `ended`, while it runs by the event `run`: it is over, and was at its `ends_at`, whether this came then or later.
 *
 * What stands where its condition is not met does nothing, which happens when two act at the same moment. A running
 * timer is over at its `ends_at` in any case; `ended` says so to all, once.
 */
export interface Timer {
  readonly type: "timer";
  readonly change: "ended" | "paused" | "reset" | "resumed" | "started";
  readonly by?: string | null;
  readonly duration_ms?: number | null;
  readonly run?: number | null;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/**
 * The timer of a room I have open, for whoever cannot know it from events: after a `reset`, or when the room was
 * opened while it could not be read.
 */
export interface TimerNow {
  readonly type: "timer.now";
  readonly room: string;
  readonly timer: TimerState;
}

/** Stop it; it can be resumed. */
export interface TimerPause {
  readonly type: "timer.pause";
  readonly room: string;
  readonly client_id: string;
  readonly id?: string | null;
}

/** Have no timer. */
export interface TimerReset {
  readonly type: "timer.reset";
  readonly room: string;
  readonly client_id: string;
  readonly id?: string | null;
}

/** Let it run on. */
export interface TimerResume {
  readonly type: "timer.resume";
  readonly room: string;
  readonly client_id: string;
  readonly id?: string | null;
}

/** Start the room's one timer, when there is none or it has ended. From a second to a day. */
export interface TimerStart {
  readonly type: "timer.start";
  readonly room: string;
  readonly client_id: string;
  readonly duration_ms: number;
  readonly id?: string | null;
}

/**
 * A room's timer after the event `seq` (0: after none): events of the timer up to there change it no more.
 *
 * It is exact by the server's time, which `welcome` and `ping` tell: a running one has `ends_at - now` left, and shows 0
 * after that. `ends_at` is there while it runs and when it has ended, `remaining_ms` while it is paused. `run` is the
 * seq of the event that has set it running, `by` who did the last thing to it.
 */
export interface TimerState {
  readonly seq: number;
  readonly phase: "ended" | "none" | "paused" | "running";
  readonly duration_ms?: number;
  readonly ends_at?: number | null;
  readonly remaining_ms?: number | null;
  readonly run?: number;
  readonly by?: string | null;
}

/** Somebody types in a room I have open, until `expires_in_ms` from now, or has stopped. Their message ends it, too. */
export interface Typing {
  readonly type: "typing";
  readonly room: string;
  readonly user: string;
  readonly on: boolean;
  readonly expires_in_ms?: number;
}

/** I am typing, or have stopped. Said every few seconds for as long as it is so; most of that is not passed on. */
export interface TypingSet {
  readonly type: "typing";
  readonly room: string;
  readonly on: boolean;
  readonly id?: string | null;
}

/** Nothing: a seq that was taken by a second copy of a message. With `of`, forget the event of that seq, too. */
export interface Void {
  readonly type: "void";
  readonly of?: number | null;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** Hello was accepted. `expires_at` is the token's end; the server pings about every `heartbeat_ms`. */
export interface Welcome {
  readonly type: "welcome";
  readonly connection: string;
  readonly user: string;
  readonly session: string;
  readonly expires_at: number;
  readonly now: number;
  readonly heartbeat_ms: number;
  readonly version?: number;
}
