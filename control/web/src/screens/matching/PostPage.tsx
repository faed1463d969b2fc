import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { useNews } from "../../app/news.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { may } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { useTitle } from "../../app/title.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Back } from "../../parts/Back.tsx";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { Prose } from "../../parts/Prose.tsx";
import { ReportAsked } from "../../parts/ReportAsked.tsx";
import { Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { Post, PostPerson } from "../../wire/http.ts";
import { day, clockTime } from "../../words/times.ts";
import { words as learn } from "../learn/words.ts";
import "../learn/learn.css";
import { ConditionTags } from "./ConditionTags.tsx";
import "./matching.css";
import { nameAt } from "./people.ts";
import { PostComments } from "./PostComments.tsx";
import { isOpen, PostState } from "./PostRow.tsx";
import { words } from "./words.ts";

/** A post: what it looks for, who is in it, what can be done about it, and what is said below it. */
export default function PostPage({ params }: ScreenProps) {
  const id = params["post"] ?? "";
  const { state, reload, set } = useLoaded(id, (signal) =>
    ask("GET /api/v1/posts/{post}", { path: { post: id } }, signal),
  );
  useNews(
    (news) => (news.type === "personal.post" && news.post === id) || news.type === "personal.match",
    reload,
  );
  useTitle(state.kind === "ready" ? state.value.title : "");
  return (
    <div class="page">
      <Back to="/meet" />
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <>
          <Said post={state.value} onChanged={(now) => set(() => now)} onLeft={reload} />
          <People post={state.value} />
          <PostComments key={id} post={state.value} />
        </>
      )}
    </div>
  );
}

interface SaidProps {
  readonly post: Post;
  readonly onChanged: (now: Post) => void;
  readonly onLeft: () => void;
}

function Said({ post, onChanged, onLeft }: SaidProps) {
  const t = words.value;
  return (
    <article class="said">
      <h1>{post.title}</h1>
      <p class="learn-beside figures">
        <time dateTime={new Date(post.meets_at).toISOString()}>
          {day(post.meets_at)} {clockTime(post.meets_at)}
        </time>
        <span>{t.people(post.people, post.capacity)}</span>
        {post.edited_at !== null && <span>{learn.value.edited}</span>}
      </p>
      <p class="tags">
        <PostState post={post} />
        <span class="tag">{t[post.category]}</span>
        {post.anonymous && <span class="tag">{t.anonymous}</span>}
        <ConditionTags of={post} />
      </p>
      {post.text !== "" && <Prose text={post.text} />}
      <PostActs post={post} onChanged={onChanged} onLeft={onLeft} />
    </article>
  );
}

type Asked = "confirm" | "cancel" | "remove" | "leave" | "report";

function PostActs({ post, onChanged, onLeft }: SaidProps) {
  const t = words.value;
  const [asked, setAsked] = useState<Asked>();
  const path = { post: post.id };
  const join = useTask(async () => {
    onChanged(await ask("POST /api/v1/posts/{post}/join", { path }));
    say(t.joinedSaid);
  });
  const open = isOpen(post);
  const isMine = post.mine === "author";
  const hasPlace = post.people < post.capacity;
  return (
    <>
      <FaultNote fault={join.fault} />
      <div class="page-acts">
        {post.match !== null && (
          <ButtonLink href={pathTo("/rooms/:room", { room: post.match.room })} kind="primary" icon="rooms">
            {t.toRoom}
          </ButtonLink>
        )}
        {open && post.mine === null && hasPlace && (
          <Button kind="primary" icon="plus" busy={join.busy} onPress={() => join.run()}>
            {t.join}
          </Button>
        )}
        {open && isMine && post.people > 1 && (
          <Button kind="primary" icon="check" onPress={() => setAsked("confirm")}>
            {t.confirm}
          </Button>
        )}
        {open && isMine && (
          <Button icon="edit" onPress={() => go(pathTo("/meet/posts/:post/edit", path))}>
            {t.edit}
          </Button>
        )}
        {open && post.mine === "joined" && <Button onPress={() => setAsked("leave")}>{t.leave}</Button>}
        {open && isMine && (
          <Button kind="quiet" onPress={() => setAsked("cancel")}>
            {t.cancel}
          </Button>
        )}
        {may("board.moderate") && (
          <Button kind="quiet" onPress={() => setAsked("remove")}>
            {t.remove}
          </Button>
        )}
        {!isMine && (
          <Button kind="quiet" icon="flag" onPress={() => setAsked("report")}>
            {learn.value.report}
          </Button>
        )}
      </div>
      {asked !== undefined && (
        <Settled
          asked={asked}
          post={post}
          onChanged={onChanged}
          onLeft={onLeft}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

interface SettledProps extends SaidProps {
  readonly asked: Asked;
  readonly onClose: () => void;
}

/** What others hear of is asked about first. */
function Settled({ asked, post, onChanged, onLeft, onClose }: SettledProps) {
  const t = words.value;
  const path = { post: post.id };
  switch (asked) {
    case "confirm":
      return (
        <Sure
          title={t.confirmSure}
          label={t.confirm}
          onClose={onClose}
          onSure={async () => {
            onChanged(await ask("POST /api/v1/posts/{post}/confirm", { path }));
            say(t.confirmedSaid);
          }}
        >
          {t.confirmHint}
        </Sure>
      );
    case "cancel":
      return (
        <Sure
          title={t.cancelSure}
          label={t.cancel}
          onClose={onClose}
          onSure={async () => {
            await ask("POST /api/v1/posts/{post}/cancel", { path });
            say(t.cancelledSaid);
            go("/meet", { instead: true });
          }}
        >
          {t.cancelHint}
        </Sure>
      );
    case "remove":
      return (
        <Sure
          title={t.removeSure}
          label={t.remove}
          onClose={onClose}
          onSure={async () => {
            await ask("DELETE /api/v1/posts/{post}", { path });
            say(t.removedSaid);
            go("/meet", { instead: true });
          }}
        >
          {t.removeHint}
        </Sure>
      );
    case "leave":
      return (
        <Sure
          title={t.leaveSure}
          label={t.leave}
          onClose={onClose}
          onSure={async () => {
            await ask("POST /api/v1/posts/{post}/leave", { path });
            onLeft();
          }}
        >
          {t.leaveHint}
        </Sure>
      );
    case "report":
      return (
        <ReportAsked
          onClose={onClose}
          onReport={(body) => ask("POST /api/v1/posts/{post}/reports", { path, body }).then(() => undefined)}
        />
      );
  }
}

function People({ post }: { readonly post: Post }) {
  const t = words.value;
  const all = [post.author, ...post.joined.filter((each) => each.mark !== post.author.mark)];
  return (
    <section class="page-section" aria-labelledby="together">
      <h2 id="together">{t.together}</h2>
      <ul class="matching-people">
        {all.map((each) => (
          <li key={each.mark} class="matching-person">
            <Avatar name={nameAt(each)} picture={each.person?.avatar} size="small" />
            <NameAt one={each} />
            {each.mark === 0 && each.person !== null && <span class="tag">{t.author}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Their name, and the way to them where it is known. */
export function NameAt({ one }: { readonly one: PostPerson }) {
  if (one.person === null) return <span>{nameAt(one)}</span>;
  return (
    <a class="said-by" href={pathTo("/people/:person", { person: one.person.id })}>
      {one.person.nickname}
    </a>
  );
}
