/** A room: who is here, what was said, and a place to say something. */

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { useLoaded } from "../../app/load.ts";
import { findInPages } from "../../app/pages.ts";
import { query } from "../../app/place.ts";
import { isVeryWide } from "../../app/width.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { chat, me } from "../../app/session.ts";
import { useTitle } from "../../app/title.ts";
import { Failure } from "../../chat/failure.ts";
import { ButtonLink } from "../../parts/Button.tsx";
import { Empty, Failed, Skeleton } from "../../parts/States.tsx";
import { Stage } from "../../together/Stage.tsx";
import { TimerStrip } from "../../together/Timer.tsx";
import { InvitationRow, invitations } from "../home/Invitations.tsx";
import { Composer } from "./Composer.tsx";
import { useDropping } from "./Dropping.tsx";
import { Head } from "./Head.tsx";
import { Messages } from "./Messages.tsx";
import { leaveRoom, openRoom, type Opened } from "./opened.ts";
import { ThreadPane } from "./ThreadPane.tsx";
import { TypingLine } from "./TypingLine.tsx";
import { words } from "./words.ts";
import "./room.css";
import { titleOf } from "../../words/titled.ts";

export default function RoomScreen({ params }: ScreenProps) {
  const room = params["room"] ?? "";
  const [turn, setTurn] = useState(0);
  const opened = useRoom(room, turn);
  if (opened === undefined) return <Skeleton rows={8} />;
  if (opened instanceof Failure) return <Over why={opened} />;
  const again = () => setTurn(turn + 1);
  return (
    <Inside key={`${room} ${turn}`} opened={opened} thread={seqOf(params["thread"])} onAccepted={again} />
  );
}

/** The room, open for as long as it is looked at, or its call goes on; why not, when it cannot be. */
function useRoom(id: string, turn: number): Opened | Failure | undefined {
  const client = chat.value;
  const user = me.value?.id;
  const [opened, setOpened] = useState<Opened | Failure | undefined>(undefined);
  useEffect(() => {
    if (client === undefined || user === undefined) return undefined;
    try {
      const now = openRoom(client, id, user);
      setOpened(now);
      return () => leaveRoom(now);
    } catch (fault) {
      setOpened(fault instanceof Failure ? fault : new Failure("internal"));
      return undefined;
    }
  }, [client, user, id, turn]);
  return opened instanceof Failure || opened?.model.id === id ? opened : undefined;
}

/** A seq as addresses name it; undefined for anything else. */
function seqOf(said: string | null | undefined): number | undefined {
  return /^[1-9]\d{0,11}$/.test(said ?? "") ? Number(said) : undefined;
}

interface InsideProps {
  readonly opened: Opened;
  /** The message whose thread is to be looked at, too. */
  readonly thread: number | undefined;
  /** I was asked in, and am a member now. */
  readonly onAccepted: () => void;
}

function Inside({ opened: { model, call, timer, drafts }, thread, onAccepted }: InsideProps) {
  const at = seqOf(query.value.get("at"));
  useEffect(() => {
    if (at !== undefined) void model.goTo(at);
  }, [model, at]);
  const draft = drafts.of();
  const dropping = useDropping(model, draft);
  const over = model.over.value;
  const info = model.info.value;
  const name = info.kind === "ready" ? titleOf(info.value) : words.value.talk;
  useTitle(thread === undefined ? name : `${words.value.thread} · ${name}`);
  if (over?.code === "not_a_member") {
    return <AskedIn room={model.id} otherwise={<Over why={over} />} onAccepted={onAccepted} />;
  }
  if (over !== undefined) return <Over why={over} />;
  if (info.kind === "failed" && !model.holds) {
    return <Failed fault={info.fault} onAgain={() => void model.load()} />;
  }
  const beside = thread !== undefined && (
    <ThreadPane key={thread} model={model} draft={drafts.of(thread)} of={thread} />
  );
  if (beside !== false && !isVeryWide.value) return beside;
  const room = (
    <section class="room" aria-label={name} {...dropping.handlers}>
      <div>
        <Head model={model} call={call} timer={timer} />
        <TimerStrip timer={timer} />
        <Stage
          call={call}
          person={(user) => model.people.person(user)}
          isForCalls={info.kind === "ready" && info.value.kind === "call"}
        />
      </div>
      <Messages talk={model} model={model} draft={draft} />
      <TypingLine model={model} />
      <Composer model={model} draft={draft} />
      {dropping.sign}
    </section>
  );
  return (
    <div class={beside === false ? "room-whole" : "room-whole room-beside"}>
      {room}
      {beside}
    </div>
  );
}

interface AskedInProps {
  readonly room: string;
  /** What there is to see without an invitation. */
  readonly otherwise: ComponentChildren;
  readonly onAccepted: () => void;
}

/** A room that is not mine yet: whoever asks me in, and my answer. */
function AskedIn({ room, otherwise, onAccepted }: AskedInProps) {
  const { state, set } = useLoaded(room, (signal) =>
    findInPages(
      (cursor) => invitations(cursor, signal),
      ({ room: into }) => into.id === room,
    ),
  );
  if (state.kind === "loading") return <Skeleton rows={2} />;
  const mine = state.kind === "ready" ? state.value : undefined;
  if (mine === undefined) return otherwise;
  return (
    <section class="page" aria-label={words.value.askedIn}>
      <h1>{words.value.askedIn}</h1>
      <InvitationRow invitation={mine} onAccepted={onAccepted} onDeclined={() => set(() => undefined)} />
    </section>
  );
}

function Over({ why }: { readonly why: Failure }) {
  return (
    <Empty title={words.value.over} act={<ButtonLink href="/">{words.value.backHome}</ButtonLink>}>
      {said(why).text}
    </Empty>
  );
}
