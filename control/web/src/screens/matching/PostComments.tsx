import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useOnce } from "../../app/once.ts";
import { useNews } from "../../app/news.ts";
import { type Pages, usePages } from "../../app/pages.ts";
import { may } from "../../app/session.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Prose } from "../../parts/Prose.tsx";
import type { Post, PostComment } from "../../wire/http.ts";
import { words as common } from "../../words/common.ts";
import { ago, dayAndTime } from "../../words/times.ts";
import { words as learn } from "../learn/words.ts";
import { Acts } from "../questions/Acts.tsx";
import { Folded } from "../questions/Folded.tsx";
import { Writing } from "../questions/Writing.tsx";
import { nameAt } from "./people.ts";
import { NameAt } from "./PostPage.tsx";
import { isOpen } from "./PostRow.tsx";
import { words } from "./words.ts";

const MOST = 1000;

/** What is said below a post, the oldest first; and a word of mine as long as it is open. */
export function PostComments({ post }: { readonly post: Post }) {
  const t = words.value;
  const path = { post: post.id };
  const once = useOnce();
  const pages: Pages<PostComment> = usePages(post.id, async (cursor, signal) => {
    const page = await ask("GET /api/v1/posts/{post}/comments", { path, query: { cursor } }, signal);
    return { items: page.comments, next: page.next };
  });
  useNews(
    (news) => news.type === "personal.post" && news.post === post.id && news.change === "commented",
    pages.reload,
  );
  return (
    <section class="page-section" aria-labelledby="post-comments">
      <h2 id="post-comments">{t.commentsTitle}</h2>
      <Paged pages={pages} empty={<p class="soft">{t.noComments}</p>}>
        {(comments) => (
          <ul class="page-section">
            {comments.map((each) => (
              <li key={each.id} class="card">
                <One post={post} comment={each} pages={pages} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
      {isOpen(post) ? (
        <Writing
          place={`comment ${post.id}`}
          label={t.writeComment}
          hint={t.commentHint}
          most={MOST}
          withPictures={false}
          rows={2}
          act={t.send}
          onSend={async ({ text }) => {
            const made = await once({ text }, (body) =>
              ask("POST /api/v1/posts/{post}/comments", { path, body }),
            );
            if (pages.next === null) pages.set((before) => [...before, made]);
          }}
        />
      ) : (
        <p class="soft">{t.closed}</p>
      )}
    </section>
  );
}

interface OneProps {
  readonly post: Post;
  readonly comment: PostComment;
  readonly pages: Pages<PostComment>;
}

function One({ post, comment, pages }: OneProps) {
  const t = words.value;
  const [isEdited, setIsEdited] = useState(false);
  const { by } = comment;
  const path = { post: post.id, comment_id: comment.id };
  return (
    <Folded folded={comment.folded}>
      <header class="said-head">
        <Avatar name={nameAt(by)} picture={by.person?.avatar} size="small" />
        <p class="learn-beside">
          <NameAt one={by} />
          {by.mark === 0 && by.person !== null && <span class="tag">{t.author}</span>}
          <time
            dateTime={new Date(comment.commented_at).toISOString()}
            title={dayAndTime(comment.commented_at)}
          >
            {ago(comment.commented_at)}
          </time>
          {comment.edited_at !== null && <span>{learn.value.edited}</span>}
        </p>
      </header>
      {isEdited ? (
        <Writing
          place={`comment ${comment.id}`}
          label={t.writeComment}
          hint={t.commentHint}
          most={MOST}
          begun={{ text: comment.text, pictures: [] }}
          withPictures={false}
          rows={2}
          act={common.value.save}
          onCancel={() => setIsEdited(false)}
          onSend={async ({ text }) => {
            const now = await ask("PATCH /api/v1/posts/{post}/comments/{comment_id}", {
              path,
              body: { text },
            });
            pages.set((all) => all.map((each) => (each.id === now.id ? now : each)));
            setIsEdited(false);
          }}
        />
      ) : (
        <Prose text={comment.text} />
      )}
      <Acts
        isMine={by.me}
        isModerator={may("board.moderate")}
        onEdit={() => setIsEdited(true)}
        onRemove={async () => {
          await ask("DELETE /api/v1/posts/{post}/comments/{comment_id}", { path });
          pages.set((all) => all.filter((each) => each.id !== comment.id));
        }}
        onReport={(body) =>
          ask("POST /api/v1/posts/{post}/comments/{comment_id}/reports", { path, body }).then(() => undefined)
        }
      />
    </Folded>
  );
}
