-- The questions board: questions, their answers, what is remarked on both, and who likes what.

-- Of a removed post no words are left. The row stays, for what refers to it.
CREATE TABLE questions (
    id            uuid PRIMARY KEY DEFAULT uuidv7(),   -- in the order of asking: lists go by it
    author_id     uuid NOT NULL REFERENCES users,
    title         text NOT NULL,
    text          text NOT NULL,
    category      text,                                -- a key of categories
    tags          text[] NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 5),
    best_id       uuid,                                -- the answer that the asker chose
    answers       integer NOT NULL DEFAULT 0,          -- that are there; whoever changes those locks this row first
    comments      integer NOT NULL DEFAULT 0,          -- on the question itself
    comments_made integer NOT NULL DEFAULT 0,          -- among them those that are gone: the next one's number
    likes         integer NOT NULL DEFAULT 0,
    asked_at      timestamptz NOT NULL DEFAULT now(),
    edited_at     timestamptz,
    removed_at    timestamptz,
    CHECK (removed_at IS NULL OR (title = '' AND text = '' AND category IS NULL AND tags = '{}'))
);
CREATE INDEX questions_of_author ON questions (author_id, id DESC);

CREATE TABLE answers (
    id            uuid PRIMARY KEY DEFAULT uuidv7(),
    question_id   uuid NOT NULL REFERENCES questions,
    author_id     uuid NOT NULL REFERENCES users,
    text          text NOT NULL,
    comments      integer NOT NULL DEFAULT 0,
    comments_made integer NOT NULL DEFAULT 0,
    likes         integer NOT NULL DEFAULT 0,
    answered_at   timestamptz NOT NULL DEFAULT now(),
    edited_at     timestamptz,
    removed_at    timestamptz,
    CHECK (removed_at IS NULL OR text = ''),
    UNIQUE (question_id, id)
);
-- What is liked most is first, and of what is liked as much, what was there first.
CREATE INDEX answers_in_order ON answers (question_id, (-likes), id) WHERE removed_at IS NULL;
CREATE INDEX answers_of_author ON answers (author_id, id DESC);
ALTER TABLE questions ADD FOREIGN KEY (id, best_id) REFERENCES answers (question_id, id);

-- Every list of questions is a shelf: `all`, `category:<key>`, `tag:<tag>`, `author:<id>`. A question stands on up to eight,
-- each time with what lists go by, so that each list in each order is one range of one index. Written behind the
-- question's lock. A removed question stands on none.
CREATE TABLE board_shelves (
    shelf       text NOT NULL,
    question_id uuid NOT NULL REFERENCES questions,
    likes       integer NOT NULL DEFAULT 0,
    answered    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (shelf, question_id)
);
CREATE INDEX board_shelves_unanswered ON board_shelves (shelf, question_id) WHERE NOT answered;
CREATE INDEX board_shelves_by_likes ON board_shelves (shelf, likes, question_id);

-- A comment stands below a question, an answer or another comment. Its place is the numbers of those above it and its own,
-- so places in order are the tree from top to bottom.
CREATE TABLE board_comments (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    question_id  uuid REFERENCES questions,
    answer_id    uuid REFERENCES answers,
    post_id      uuid NOT NULL GENERATED ALWAYS AS (coalesce(question_id, answer_id)) STORED,
    parent_id    uuid,                                 -- the comment it replies to; goes after its replies
    place        integer[] NOT NULL CHECK (cardinality(place) BETWEEN 1 AND 4),
    author_id    uuid NOT NULL REFERENCES users,
    text         text NOT NULL,
    replies      integer NOT NULL DEFAULT 0,           -- directly below it
    likes        integer NOT NULL DEFAULT 0,
    commented_at timestamptz NOT NULL DEFAULT now(),
    edited_at    timestamptz,
    removed_at   timestamptz,                          -- kept without words while something is below it
    CHECK (num_nonnulls(question_id, answer_id) = 1),
    CHECK (removed_at IS NULL OR text = ''),
    UNIQUE (post_id, place)
);
CREATE INDEX board_comments_of_author ON board_comments (author_id);
CREATE INDEX board_comments_of_question ON board_comments (question_id) WHERE question_id IS NOT NULL;
CREATE INDEX board_comments_of_answer ON board_comments (answer_id) WHERE answer_id IS NOT NULL;

-- `post_id` is a question, an answer or a comment; its `likes` is the number of its rows here, changed behind its lock.
CREATE TABLE board_likes (
    post_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (post_id, user_id)
);
CREATE INDEX board_likes_of_user ON board_likes (user_id);

-- Pictures of questions and answers. A row goes before its file does.
CREATE TABLE board_pictures (
    upload_id uuid PRIMARY KEY REFERENCES uploads,
    post_id   uuid NOT NULL,                           -- a question or an answer
    position  smallint NOT NULL
);
CREATE INDEX board_pictures_of_post ON board_pictures (post_id, position);

ALTER TABLE uploads DROP CONSTRAINT uploads_purpose_check;
ALTER TABLE uploads ADD CONSTRAINT uploads_purpose_check CHECK (purpose IN
    ('avatar', 'wallpaper', 'room_image', 'class_cover', 'post_image', 'certificate', 'attachment'));
