/** One message: who, when, what, and what became of it. */

import { isFolded, unfold } from "../../app/blocked.ts";
import { said } from "../../app/faults.ts";
import { pathTo } from "../../app/routes.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { IconButton } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { RoomModel } from "../../room/model.ts";
import type { Talk } from "../../room/talk.ts";
import { reactionsOf, type Saying } from "../../room/saying.ts";
import { clockTime, dayAndTime } from "../../words/times.ts";
import { Attachments } from "./Attachments.tsx";
import { systemText } from "./notes.ts";
import { threadPath } from "./paths.ts";
import { PostState } from "./PostRow.tsx";
import { Text } from "./Text.tsx";
import { words } from "./words.ts";

interface MessageRowProps {
  readonly saying: Saying;
  readonly head: boolean;
  readonly talk: Talk;
  readonly model: RoomModel;
  readonly isThread: boolean;
  /** Something is to be done with it. */
  readonly onAct: (saying: Saying) => void;
}

export function MessageRow({ saying: stored, head, talk, model, isThread, onAct }: MessageRowProps) {
  const rewording = model.rewording(stored);
  const saying = asWanted(stored, model);
  const { event } = saying;
  if (event.kind === "system") return <p class="room-note">{systemText(event.system, saying.text)}</p>;
  if (isFolded(event)) return <Folded onShow={() => unfold(event)} />;
  const person = event.origin === "hook" ? undefined : model.people.person(event.sender);
  const isMine = event.sender === model.me;
  const name = event.name ?? person?.nickname ?? words.value.somebody;
  const isTarget = talk.target.value?.seq === event.seq;
  const calls = saying.mentions.includes(model.me) || (event.mention_all === true && !isMine);
  const classes = [
    "say",
    head && "say-head",
    isMine && "say-mine",
    calls && "say-calls",
    isTarget && "say-target",
  ];
  return (
    <article class={classes.filter(Boolean).join(" ")} aria-label={`${name}, ${clockTime(event.at)}`}>
      {head && <Avatar name={name} picture={person?.avatar ?? null} />}
      <div class="say-body">
        {head && (
          <header class="say-head-line">
            {person === undefined || isMine ? (
              <b class="say-name">{isMine ? words.value.you : name}</b>
            ) : (
              <a class="say-name" href={pathTo("/people/:person", { person: person.id })}>
                {name}
              </a>
            )}
            {event.origin != null && <span class="tag">{words.value.origin}</span>}
            <time
              class="small soft figures"
              dateTime={new Date(event.at).toISOString()}
              title={dayAndTime(event.at)}
            >
              {clockTime(event.at)}
            </time>
          </header>
        )}
        {event.reply_to != null && !isThread && <Quote of={event.reply_to} model={model} />}
        {saying.deleted ? (
          <p class="say-gone soft">{words.value.deletedOne}</p>
        ) : (
          <>
            {saying.text !== "" && <Text text={saying.text} mentions={saying.mentions} model={model} />}
            <Attachments files={saying.attachments} />
          </>
        )}
        {rewording !== undefined && <PostState post={rewording} model={model} />}
        <Marks saying={saying} model={model} isThread={isThread} />
      </div>
      <div class="say-side">
        <ReadMark saying={saying} model={model} />
        {!saying.deleted && (
          <IconButton icon="more" label={words.value.acts(name)} onPress={() => onAct(saying)} />
        )}
      </div>
    </article>
  );
}

/** As I want it to be, until it is. */
export function asWanted(saying: Saying, model: RoomModel): Saying {
  const rewording = model.rewording(saying);
  if (rewording === undefined) return saying;
  return { ...saying, text: rewording.text, mentions: rewording.extras.mentions ?? [] };
}

/** Somebody whom I blocked said something. */
function Folded({ onShow }: { readonly onShow: () => void }) {
  return (
    <p class="say-folded small soft">
      {words.value.folded}
      <button type="button" class="say-replies" onClick={onShow}>
        {words.value.unfold}
      </button>
    </p>
  );
}

/** What a message answers; a press leads there. */
function Quote({ of, model }: { readonly of: number; readonly model: RoomModel }) {
  const about = model.quoted(of);
  const name = about === undefined ? undefined : model.people.person(about.event.sender)?.nickname;
  const isHidden = about !== undefined && isFolded(about.event);
  const text = isHidden
    ? words.value.folded
    : about === undefined
      ? "…"
      : about.deleted
        ? words.value.deletedOne
        : about.text || words.value.file;
  return (
    <button type="button" class="say-quote cut" onClick={() => void model.goTo(of)}>
      <Icon name="reply" size={14} />
      {name !== undefined && !isHidden && <b>{name}</b>}
      <span class="cut">{text}</span>
    </button>
  );
}

interface MarksProps {
  readonly saying: Saying;
  readonly model: RoomModel;
  /** It is shown among the answers, or above them. */
  readonly isThread: boolean;
}

/** Edited, pinned, its emoji, and how many answered. */
function Marks({ saying, model, isThread }: MarksProps) {
  const reactions = reactionsOf(saying, model.me);
  const isPinned = saying.pin > 0;
  if (saying.edited === 0 && !isPinned && reactions.length === 0 && saying.replies === 0) return null;
  const react = (emoji: string, on: boolean) =>
    void model.react(saying.event.seq, emoji, on).catch((fault: unknown) => say(said(fault).text));
  return (
    <div class="say-marks">
      {saying.edited > 0 && <span class="small soft">{words.value.edited}</span>}
      {isPinned && (
        <span class="small soft say-pinned">
          <Icon name="pin" size={14} />
          {words.value.pinned}
        </span>
      )}
      {reactions.map(({ emoji, count, mine }) => (
        <button
          key={emoji}
          type="button"
          class="say-emoji figures"
          aria-pressed={mine}
          onClick={() => react(emoji, !mine)}
        >
          {emoji} {count}
          <span class="unseen"> {words.value.reacted}</span>
        </button>
      ))}
      {saying.replies > 0 && !isThread && (
        <a class="say-replies" href={threadPath(model.id, saying.event.seq)}>
          {words.value.replies(saying.replies)}
        </a>
      )}
    </div>
  );
}

/** How many have not read it yet. */
function ReadMark({ saying, model }: { readonly saying: Saying; readonly model: RoomModel }) {
  const { mseq, sender } = saying.event;
  const count = model.people.unreadBy(mseq, sender);
  if (count === undefined || count === 0) return null;
  return (
    <span class="say-unread figures">
      <span aria-hidden="true">{count}</span>
      <span class="unseen">{words.value.unreadBy(count)}</span>
    </span>
  );
}
