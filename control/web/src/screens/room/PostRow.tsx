/** What I said and have not heard back: it stands there at once, and says when it could not be sent. */

import { said } from "../../app/faults.ts";
import { standing } from "../../app/session.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import type { RoomModel } from "../../room/model.ts";
import type { Post } from "../../room/posts.ts";
import { clockTime } from "../../words/times.ts";
import { Text } from "./Text.tsx";
import { words } from "./words.ts";

interface PostRowProps {
  readonly post: Post;
  readonly head: boolean;
  readonly model: RoomModel;
}

export function PostRow({ post, head, model }: PostRowProps) {
  const mine = model.people.person(model.me);
  const isFailed = post.state === "failed";
  return (
    <article class={`say say-mine say-post${head ? " say-head" : ""}${isFailed ? " say-failed" : ""}`}>
      {head && <Avatar name={mine?.nickname ?? ""} picture={mine?.avatar ?? null} />}
      <div class="say-body">
        {head && (
          <header class="say-head-line">
            <b class="say-name">{words.value.you}</b>
            <time class="small soft figures">{clockTime(post.at)}</time>
          </header>
        )}
        {post.extras.attachments !== undefined && (
          <p class="soft">
            <Icon name="paperclip" size={14} /> {words.value.files(post.extras.attachments.length)}
          </p>
        )}
        {post.text !== "" && <Text text={post.text} mentions={post.extras.mentions ?? []} model={model} />}
        <PostState post={post} model={model} />
      </div>
    </article>
  );
}

interface PostStateProps {
  readonly post: Post;
  readonly model: RoomModel;
}

/** That it is on its way; or why it was refused, and what can be done then. */
export function PostState({ post, model }: PostStateProps) {
  if (post.state !== "failed") {
    return (
      <p class="say-marks small soft">
        {standing.value.kind === "online" ? words.value.sending : words.value.waiting}
      </p>
    );
  }
  return (
    <div class="say-refused" role="alert">
      <p>
        <b>{words.value.notSent}</b> {said(post.failure).text}
      </p>
      <Button kind="quiet" onPress={() => model.again(post)}>
        {words.value.again}
      </Button>
      <Button kind="quiet" onPress={() => model.drop(post)}>
        {words.value.drop}
      </Button>
    </div>
  );
}
