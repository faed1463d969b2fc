import { useEffect, useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useOnce } from "../../app/once.ts";
import { type Pages, usePages } from "../../app/pages.ts";
import { may, me } from "../../app/session.ts";
import { Button } from "../../parts/Button.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Prose } from "../../parts/Prose.tsx";
import type { Comment, Comments as Page, WriteComment } from "../../wire/http.ts";
import { words as common } from "../../words/common.ts";
import { count } from "../../words/times.ts";
import { Acts } from "./Acts.tsx";
import { Byline } from "./Byline.tsx";
import { Folded } from "./Folded.tsx";
import { Like } from "./Like.tsx";
import { placed } from "./placed.ts";
import { words } from "./words.ts";
import { Writing } from "./Writing.tsx";

/** What is commented on. */
export type Subject = { readonly question: string } | { readonly answer: string };

/** Replies of replies end there. */
const DEEPEST = 3;
const MOST = 1000;

interface CommentsProps {
  readonly of: Subject;
  readonly counted: number;
}

/** The comments on something, which are not fetched before somebody wants to read them. */
export function Comments({ of, counted }: CommentsProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [written, setWritten] = useState(0);
  useEffect(() => setWritten(0), [counted]); // which has them by now
  return (
    <div class="page-section">
      <div class="said-acts">
        <Button kind="quiet" icon="reply" pressed={isOpen} onPress={() => setIsOpen(!isOpen)}>
          {words.value.comments(count(counted + written))}
        </Button>
      </div>
      {isOpen && <Thread of={of} onWritten={() => setWritten(written + 1)} />}
    </div>
  );
}

interface ThreadProps {
  readonly of: Subject;
  readonly onWritten: () => void;
}

function Thread({ of, onWritten }: ThreadProps) {
  const t = words.value;
  const pages: Pages<Comment> = usePages(JSON.stringify(of), async (cursor, signal) => {
    const page = await fetchPage(of, cursor, signal);
    return { items: page.comments, next: page.next };
  });
  const once = useOnce();
  const write = async (body: WriteComment) => {
    const made = await once(body, (named) => send(of, named));
    pages.set((comments) => placed(comments, made));
    onWritten();
  };
  return (
    <div class="comments">
      <Paged pages={pages} empty={<p class="soft">{t.noComments}</p>}>
        {(comments) => (
          <ul class="page-section">
            {comments.map((each) => (
              <li key={each.id} class={`comment comment-${each.depth}`}>
                <One
                  comment={each}
                  onReply={(text) => write({ text, parent: each.id })}
                  onChanged={(now) =>
                    pages.set((all) => all.map((other) => (other.id === each.id ? now : other)))
                  }
                />
              </li>
            ))}
          </ul>
        )}
      </Paged>
      <Writing
        place={`comment ${JSON.stringify(of)}`}
        label={t.writeComment}
        hint={t.commentHint}
        most={MOST}
        withPictures={false}
        rows={2}
        act={t.send}
        onSend={({ text }) => write({ text })}
      />
    </div>
  );
}

interface OneProps {
  readonly comment: Comment;
  readonly onReply: (text: string) => Promise<void>;
  readonly onChanged: (now: Comment) => void;
}

function One({ comment, onReply, onChanged }: OneProps) {
  const t = words.value;
  const [writing, setWriting] = useState<"reply" | "edit">();
  const { author } = comment;
  if (comment.removed) return <p class="small soft">{t.commentRemoved}</p>;
  const isMine = author !== null && author.id === me.value?.id;
  const path = { comment: comment.id };
  const done = () => setWriting(undefined);
  return (
    <Folded folded={comment.folded}>
      <Byline author={author} at={comment.commented_at} editedAt={comment.edited_at} />
      {writing === "edit" ? (
        <Writing
          place={`comment ${comment.id}`}
          label={t.writeComment}
          hint={t.commentHint}
          most={MOST}
          begun={{ text: comment.text, pictures: [] }}
          withPictures={false}
          rows={2}
          act={common.value.save}
          onCancel={done}
          onSend={async ({ text }) => {
            onChanged(await ask("PATCH /api/v1/comments/{comment}", { path, body: { text } }));
            done();
          }}
        />
      ) : (
        <Prose text={comment.text} />
      )}
      <Acts
        isMine={isMine}
        isModerator={may("board.moderate")}
        onEdit={() => setWriting("edit")}
        onRemove={async () => {
          await ask("DELETE /api/v1/comments/{comment}", { path });
          onChanged({ ...comment, removed: true, text: "", author: null });
        }}
        onReport={(body) =>
          ask("POST /api/v1/comments/{comment}/reports", { path, body }).then(() => undefined)
        }
      >
        <Like
          likes={comment.likes}
          liked={comment.liked}
          isMine={isMine}
          onLike={(on) =>
            ask(on ? "PUT /api/v1/comments/{comment}/like" : "DELETE /api/v1/comments/{comment}/like", {
              path,
            })
          }
        />
        {comment.depth < DEEPEST && (
          <Button kind="quiet" onPress={() => setWriting("reply")}>
            {t.reply}
          </Button>
        )}
      </Acts>
      {writing === "reply" && (
        <Writing
          place={`reply ${comment.id}`}
          label={t.replyTo(author?.nickname ?? t.gone)}
          hint={t.commentHint}
          most={MOST}
          withPictures={false}
          rows={2}
          act={t.send}
          onCancel={done}
          onSend={async ({ text }) => {
            await onReply(text);
            done();
          }}
        />
      )}
    </Folded>
  );
}

function fetchPage(of: Subject, cursor: string | null, signal: AbortSignal): Promise<Page> {
  const query = { cursor };
  return "question" in of
    ? ask("GET /api/v1/questions/{question}/comments", { path: of, query }, signal)
    : ask("GET /api/v1/answers/{answer}/comments", { path: of, query }, signal);
}

function send(of: Subject, body: WriteComment): Promise<Comment> {
  return "question" in of
    ? ask("POST /api/v1/questions/{question}/comments", { path: of, body })
    : ask("POST /api/v1/answers/{answer}/comments", { path: of, body });
}
