-- What is shown of a post wherever it is shown, but for what it is to who asks.

CREATE VIEW board_authors AS
    SELECT u.id AS author_id, u.id::text AS author, u.nickname, u.avatar_id::text AS avatar,
           EXISTS (SELECT FROM user_roles r WHERE r.user_id = u.id AND r.role = 'mentor') AS is_mentor
    FROM users u;

CREATE VIEW question_cards AS
    SELECT q.id AS post_id, q.id::text AS id, q.title, left(q.text, 200) AS excerpt, q.category, q.tags, q.best_id::text AS best, q.answers,
           q.comments, q.likes, q.asked_at, q.edited_at, a.*
    FROM questions q
    JOIN board_authors a ON a.author_id = q.author_id
    WHERE q.removed_at IS NULL;

CREATE VIEW answer_cards AS
    SELECT n.id AS post_id, n.id::text AS id, n.question_id::text AS question, n.text, n.comments, n.likes,
           n.answered_at, n.edited_at, q.title, q.best_id IS NOT DISTINCT FROM n.id AS best,
           ARRAY(SELECT p.upload_id::text FROM board_pictures p WHERE p.post_id = n.id ORDER BY p.position) AS pictures, a.*
    FROM answers n
    JOIN questions q ON q.id = n.question_id AND q.removed_at IS NULL
    JOIN board_authors a ON a.author_id = n.author_id
    WHERE n.removed_at IS NULL;

CREATE VIEW comment_cards AS
    SELECT c.id AS post_id, c.id::text AS id, c.parent_id::text AS parent, c.place, c.text, c.likes,
           c.commented_at, c.edited_at, c.removed_at IS NOT NULL AS removed, a.*
    FROM board_comments c
    JOIN board_authors a ON a.author_id = c.author_id;

-- What a post is to one person: does he like it, did he block its author.
CREATE FUNCTION likes_post(person uuid, post uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM board_likes l WHERE l.post_id = post AND l.user_id = person)
$$;
CREATE FUNCTION has_blocked(person uuid, other uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM relations b WHERE b.user_id = person AND b.other_id = other AND b.kind = 'blocked')
$$;
