"""The SQL of the board. Each list is one statement that an index serves; tests look at the plans.

What is shown of a post comes with what one person ($1) has to do with it: does he like it, did he block its author.
"""

from __future__ import annotations

from typing import Final

# --- questions --------------------------------------------------------------------------------------------------------

ADD_QUESTION: Final = """
    INSERT INTO questions (author_id, title, text, category, tags) VALUES ($1, $2, $3, $4, $5) RETURNING id::text
"""
LOCK_QUESTION: Final = """
    SELECT author_id::text AS author, title, text, category, tags, best_id::text AS best, answers
    FROM questions
    WHERE id = $1 AND removed_at IS NULL
    FOR NO KEY UPDATE
"""
CHANGE_QUESTION: Final = """
    UPDATE questions SET title = $2, text = $3, category = $4, tags = $5, edited_at = now() WHERE id = $1
"""
REMOVE_QUESTION: Final = """
    UPDATE questions
    SET title = '', text = '', category = NULL, tags = '{}', best_id = NULL, answers = 0, comments = 0, likes = 0,
        removed_at = now()
    WHERE id = $1
"""
COUNT_ANSWER: Final = """
    UPDATE questions SET answers = answers + $2 WHERE id = $1 RETURNING answers
"""
CHOOSE: Final = "UPDATE questions SET best_id = $2 WHERE id = $1"

# --- shelves ----------------------------------------------------------------------------------------------------------

PUT_ON_SHELVES: Final = """
    INSERT INTO board_shelves (shelf, question_id, likes, answered)
    SELECT shelf, id, likes, answers > 0 FROM questions, unnest($2::text[]) AS shelf WHERE id = $1
    ON CONFLICT DO NOTHING
"""
TAKE_OFF_SHELVES: Final = "DELETE FROM board_shelves WHERE question_id = $1 AND shelf = ANY($2::text[])"
SHELVE_LIKES: Final = "UPDATE board_shelves SET likes = $3 WHERE question_id = $1 AND shelf = ANY($2::text[])"
SHELVE_ANSWERED: Final = """
    UPDATE board_shelves SET answered = $3 WHERE question_id = $1 AND shelf = ANY($2::text[]) AND answered <> $3
"""

# --- answers ----------------------------------------------------------------------------------------------------------

ADD_ANSWER: Final = """
    INSERT INTO answers (question_id, author_id, text) VALUES ($1, $2, $3) RETURNING id::text
"""
QUESTION_OF: Final = "SELECT question_id::text FROM answers WHERE id = $1"
LOCK_ANSWER: Final = """
    SELECT a.question_id::text AS question, a.author_id::text AS author, a.text
    FROM answers a JOIN questions q ON q.id = a.question_id
    WHERE a.id = $1 AND a.removed_at IS NULL AND q.removed_at IS NULL
    FOR NO KEY UPDATE OF a
"""
CHANGE_ANSWER: Final = "UPDATE answers SET text = $2, edited_at = now() WHERE id = $1"
REMOVE_ANSWER: Final = """
    UPDATE answers SET text = '', comments = 0, likes = 0, removed_at = now() WHERE id = $1
"""
REMOVE_ANSWERS: Final = """
    UPDATE answers SET text = '', comments = 0, likes = 0, removed_at = now()
    WHERE question_id = $1 AND removed_at IS NULL
    RETURNING id::text AS id
"""

# --- comments ---------------------------------------------------------------------------------------------------------

NUMBER_COMMENT_ON_QUESTION: Final = """
    UPDATE questions SET comments = comments + 1, comments_made = comments_made + 1 WHERE id = $1
    RETURNING comments_made
"""
NUMBER_COMMENT_ON_ANSWER: Final = """
    UPDATE answers SET comments = comments + 1, comments_made = comments_made + 1 WHERE id = $1
    RETURNING comments_made
"""
UNCOUNT_COMMENT_ON_QUESTION: Final = "UPDATE questions SET comments = comments - 1 WHERE id = $1"
UNCOUNT_COMMENT_ON_ANSWER: Final = "UPDATE answers SET comments = comments - 1 WHERE id = $1"
COMMENT_ON_QUESTION: Final = """
    INSERT INTO board_comments (question_id, parent_id, place, author_id, text) VALUES ($1, $2, $3, $4, $5)
    RETURNING id::text
"""
COMMENT_ON_ANSWER: Final = """
    INSERT INTO board_comments (answer_id, parent_id, place, author_id, text) VALUES ($1, $2, $3, $4, $5)
    RETURNING id::text
"""
COUNT_REPLY: Final = "UPDATE board_comments SET replies = replies + 1 WHERE id = $1"
POST_OF: Final = (
    "SELECT question_id::text AS question, answer_id::text AS answer FROM board_comments WHERE id = $1"
)
LOCK_COMMENT: Final = """
    SELECT post_id::text AS post, question_id::text AS question, place, author_id::text AS author, text
    FROM board_comments
    WHERE id = $1 AND removed_at IS NULL
    FOR NO KEY UPDATE
"""
CHANGE_COMMENT: Final = "UPDATE board_comments SET text = $2, edited_at = now() WHERE id = $1"
REMOVE_COMMENT: Final = """
    UPDATE board_comments SET text = '', likes = 0, edited_at = NULL, removed_at = now() WHERE id = $1
"""
# A comment that was removed, and nothing is below it any more: it goes, and the one above it has a reply less.
DROP_COMMENT: Final = """
    DELETE FROM board_comments WHERE id = $1 AND removed_at IS NOT NULL AND replies = 0 RETURNING parent_id::text
"""
UNCOUNT_REPLY: Final = "UPDATE board_comments SET replies = replies - 1 WHERE id = $1"
DROP_COMMENTS: Final = """
    WITH gone AS (DELETE FROM board_comments WHERE post_id = ANY($1::uuid[]) RETURNING id)
    DELETE FROM board_likes USING gone WHERE post_id = gone.id
"""

# --- likes ------------------------------------------------------------------------------------------------------------

LIKE: Final = (
    "INSERT INTO board_likes (post_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true"
)
UNLIKE: Final = "DELETE FROM board_likes WHERE post_id = $1 AND user_id = $2 RETURNING true"
FORGET_LIKES: Final = "DELETE FROM board_likes WHERE post_id = ANY($1::uuid[])"
LIKE_QUESTION: Final = "UPDATE questions SET likes = likes + $2 WHERE id = $1 RETURNING likes"
LIKE_ANSWER: Final = "UPDATE answers SET likes = likes + $2 WHERE id = $1 RETURNING likes"
LIKE_COMMENT: Final = "UPDATE board_comments SET likes = likes + $2 WHERE id = $1 RETURNING likes"

# --- pictures ---------------------------------------------------------------------------------------------------------

PICTURES: Final = "SELECT upload_id::text AS id FROM board_pictures WHERE post_id = $1 ORDER BY position"

# Those that may be shown: of this person, for posts, confirmed, and in no other post; nobody removes them meanwhile.
SHOW_PICTURES: Final = """
    INSERT INTO board_pictures (upload_id, post_id, position)
    SELECT u.id, $2, wanted.position
    FROM unnest($3::uuid[]) WITH ORDINALITY AS wanted(id, position)
    JOIN uploads u ON u.id = wanted.id
    WHERE u.owner_id = $1 AND u.purpose = 'post_image' AND u.confirmed_at IS NOT NULL AND u.removed_at IS NULL
    FOR SHARE OF u
    ON CONFLICT (upload_id) DO UPDATE SET position = excluded.position
    WHERE board_pictures.post_id = excluded.post_id
    RETURNING upload_id
"""
# Those that are shown no more are for the sweep to take.
DROP_PICTURES: Final = """
    WITH dropped AS (
        DELETE FROM board_pictures WHERE post_id = ANY($1::uuid[]) AND upload_id <> ALL($2::uuid[]) RETURNING upload_id
    )
    UPDATE uploads SET removed_at = now() FROM dropped WHERE uploads.id = dropped.upload_id
"""

# --- news -------------------------------------------------------------------------------------------------------------

# What is said of what $2 did, and whether $1 blocked him.
NEWS: Final = """
    SELECT u.nickname, q.title, has_blocked($1, u.id) AS folded FROM users u, questions q WHERE u.id = $2 AND q.id = $3
"""

# --- lists of questions -----------------------------------------------------------------------------------------------

# Three statements, one for each order: a page is cut from a shelf before anything is joined.
_SHELVED: Final = """
    SELECT k.*, page.likes AS shelved_likes,
           likes_post($1, k.post_id) AS liked, has_blocked($1, k.author_id) AS folded
    FROM (
        SELECT question_id, likes FROM board_shelves
        WHERE shelf = $2 AND """
_BY_AGE: Final = """
        ORDER BY question_id DESC
        LIMIT $4
    ) page
    JOIN question_cards k ON k.post_id = page.question_id
    ORDER BY page.question_id DESC
"""
_BY_LIKES: Final = """
        ORDER BY likes DESC, question_id DESC
        LIMIT $4
    ) page
    JOIN question_cards k ON k.post_id = page.question_id
    ORDER BY page.likes DESC, page.question_id DESC
"""
NEWEST: Final = _SHELVED + "question_id < $3" + _BY_AGE
UNANSWERED: Final = _SHELVED + "question_id < $3 AND NOT answered" + _BY_AGE
LIKED: Final = _SHELVED + "(likes, question_id) < ($5, $3)" + _BY_LIKES

# --- one question -----------------------------------------------------------------------------------------------------

QUESTION: Final = """
    SELECT k.*, q.text, likes_post($1, k.post_id) AS liked, has_blocked($1, k.author_id) AS folded,
           ARRAY(SELECT p.upload_id::text FROM board_pictures p WHERE p.post_id = k.post_id ORDER BY p.position) AS pictures
    FROM question_cards k
    JOIN questions q ON q.id = k.post_id
    WHERE k.post_id = $2
"""
QUESTION_IS_THERE: Final = "SELECT EXISTS (SELECT FROM questions WHERE id = $1 AND removed_at IS NULL)"

ANSWER: Final = """
    SELECT k.*, likes_post($1, k.post_id) AS liked, has_blocked($1, k.author_id) AS folded
    FROM answer_cards k
    WHERE k.post_id = $2
"""
ANSWER_IS_THERE: Final = """
    SELECT EXISTS (
        SELECT FROM answers a JOIN questions q ON q.id = a.question_id
        WHERE a.id = $1 AND a.removed_at IS NULL AND q.removed_at IS NULL
    )
"""
# Those that were not chosen.
ANSWERS: Final = """
    SELECT k.*, likes_post($1, k.post_id) AS liked, has_blocked($1, k.author_id) AS folded
    FROM (
        SELECT id, likes FROM answers
        WHERE question_id = $2 AND removed_at IS NULL AND (-likes, id) > ($3, $4)
            AND id IS DISTINCT FROM (SELECT best_id FROM questions WHERE id = $2)
        ORDER BY -likes, id
        LIMIT $5
    ) page
    JOIN answer_cards k ON k.post_id = page.id
    ORDER BY -page.likes, page.id
"""
ANSWERS_OF: Final = """
    SELECT k.*, likes_post($1, k.post_id) AS liked, has_blocked($1, k.author_id) AS folded
    FROM answer_cards k
    WHERE k.author_id = $2 AND k.post_id < $3
    ORDER BY k.post_id DESC
    LIMIT $4
"""

# --- comments, shown --------------------------------------------------------------------------------------------------

COMMENTS: Final = """
    SELECT k.*, likes_post($1, k.post_id) AS liked, has_blocked($1, k.author_id) AS folded
    FROM (SELECT id, place FROM board_comments WHERE post_id = $2 AND place > $3 ORDER BY place LIMIT $4) page
    JOIN comment_cards k ON k.post_id = page.id
    ORDER BY page.place
"""
COMMENT: Final = """
    SELECT k.*, likes_post($1, k.post_id) AS liked, false AS folded FROM comment_cards k WHERE k.post_id = $2
"""
