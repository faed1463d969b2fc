import { pathTo } from "../../app/routes.ts";
import type { ListedPost } from "../../wire/http.ts";
import { count, dayAndTime } from "../../words/times.ts";
import { ConditionTags } from "./ConditionTags.tsx";
import { nameAt } from "./people.ts";
import { words } from "./words.ts";

/** A post of a list, and the way to its page. */
export function PostRow({ post }: { readonly post: ListedPost }) {
  const t = words.value;
  return (
    <a class="row learn-row" href={pathTo("/meet/posts/:post", { post: post.id })}>
      <span class="row-text">
        <span class="row-title">{post.title}</span>
        <span class="learn-beside figures">
          <time dateTime={new Date(post.meets_at).toISOString()}>{dayAndTime(post.meets_at)}</time>
          <span>{t.people(post.people, post.capacity)}</span>
          {post.comments > 0 && <span>{t.comments(count(post.comments))}</span>}
          <span>{nameAt(post.author)}</span>
        </span>
        <span class="tags">
          <PostState post={post} />
          <span class="tag">{t[post.category]}</span>
          <ConditionTags of={post} />
        </span>
      </span>
    </a>
  );
}

/** How a post stands, and how I stand to it. */
export function PostState({ post }: { readonly post: ListedPost }) {
  const t = words.value;
  return (
    <>
      <span class={isOpen(post) ? "tag tag-open" : "tag"}>
        {post.state === "open" && !isOpen(post) ? t.over : t[post.state]}
      </span>
      {post.mine !== null && <span class="tag">{post.mine === "author" ? t.isMine : t.joinedTag}</span>}
    </>
  );
}

/** Whether people may still come and go. From when they meet on it is over, though its state may say so a little later. */
export function isOpen({ state, meets_at }: ListedPost): boolean {
  return state === "open" && meets_at > Date.now();
}
