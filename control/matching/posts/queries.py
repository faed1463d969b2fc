"""The SQL of posts. Times are parameters, so that the rules decide by one clock; tests look at the plans of lists."""

from __future__ import annotations

from typing import Final

# --- one post ---------------------------------------------------------------------------------------------------------

# Whoever changes a post, who is in it, or what stands below it, locks its row first.
LOCK: Final = """
    SELECT id::text AS id, author_id::text AS author, category, title, text, anonymous, capacity, places, topics, meets_at,
           state, people
    FROM match_posts WHERE id = $1 FOR NO KEY UPDATE
"""
COUNT_OPEN: Final = (
    "SELECT count(*) FROM match_posts WHERE author_id = $1 AND state = 'open' AND meets_at > $2"
)
ADD: Final = """
    INSERT INTO match_posts
        (author_id, category, title, text, anonymous, capacity, places, topics, meets_at, posted_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    RETURNING id::text
"""
ADD_AUTHOR: Final = "INSERT INTO match_post_people (post_id, user_id, mark, joined_at) VALUES ($1, $2, 0, $3)"
CHANGE: Final = """
    UPDATE match_posts
    SET title = $2, text = $3, capacity = $4, places = $5, topics = $6, meets_at = $7, edited_at = $8
    WHERE id = $1
"""
CONFIRM: Final = "UPDATE match_posts SET state = 'confirmed', match_id = $2 WHERE id = $1"
CANCEL: Final = "UPDATE match_posts SET state = 'cancelled' WHERE id = $1"
# Where those meet whom it brought together.
ROOM: Final = """
    SELECT m.room_id::text FROM match_posts p JOIN matches m ON m.id = p.match_id WHERE p.id = $1
"""
# What had become a match is none any more; nothing at all, where it was removed before.
REMOVE: Final = """
    UPDATE match_posts SET state = 'cancelled', match_id = NULL, title = '-', text = '', comments = 0
    WHERE id = $1 AND (state, title, text, comments) <> ('cancelled', '-', '', 0)
    RETURNING old.match_id::text AS match
"""

# How somebody ($2) stands to a post, to be asked again behind its lock; and how it is at this moment: most refusals need none.
STANDING: Final = """
    SELECT k.author_id::text AS author, k.anonymous, k.state, k.meets_at, k.people, k.capacity, k.author_stands,
           has_blocked(k.author_id, $2) AS author_blocked_me, has_blocked($2, k.author_id) AS i_blocked_author,
           p.mark, p.joined_at IS NOT NULL AS joined
    FROM match_post_cards k
    LEFT JOIN match_post_people p ON p.post_id = k.id AND p.user_id = $2
    WHERE k.id = $1
"""

# --- who is in it -----------------------------------------------------------------------------------------------------

NEXT_MARK: Final = "UPDATE match_posts SET marks = marks + 1 WHERE id = $1 RETURNING marks"
ADD_MARK: Final = "INSERT INTO match_post_people (post_id, user_id, mark) VALUES ($1, $2, $3)"
JOIN: Final = "UPDATE match_post_people SET joined_at = $3 WHERE post_id = $1 AND user_id = $2"
LEAVE: Final = "UPDATE match_post_people SET joined_at = NULL WHERE post_id = $1 AND user_id = $2"
COUNT: Final = "UPDATE match_posts SET people = people + $2 WHERE id = $1"
# Those who cannot be brought together with the author any more: suspended or gone, or one blocked the other since; but
# whoever blocked the author of an anonymous post would learn by being left out whom he blocked.
DROP_UNFIT: Final = """
    UPDATE match_post_people p SET joined_at = NULL
    FROM match_posts post, users u
    WHERE post.id = $1 AND p.post_id = post.id AND u.id = p.user_id AND p.joined_at IS NOT NULL
        AND p.user_id <> post.author_id
        AND (
            u.deleted_at IS NOT NULL
            OR EXISTS (SELECT FROM suspensions s WHERE s.user_id = u.id)
            OR has_blocked(post.author_id, u.id)
            OR NOT post.anonymous AND has_blocked(u.id, post.author_id)
        )
    RETURNING p.user_id::text AS user_id
"""
JOINED: Final = """
    SELECT user_id::text AS user_id FROM match_post_people
    WHERE post_id = $1 AND joined_at IS NOT NULL
    ORDER BY joined_at, mark
"""

# --- reading ----------------------------------------------------------------------------------------------------------

# A post for one person ($1). Of whom the author blocked, of authors who are gone, and of what was cancelled, only those
# know who are in it.
POST: Final = """
    SELECT k.*, mine.joined_at IS NOT NULL AS joined, m.room_id,
           (SELECT u.avatar_id::text FROM users u WHERE u.id = k.author_id) AS author_avatar,
           NOT k.anonymous OR (k.match_id IS NOT NULL AND mine.joined_at IS NOT NULL) AS named
    FROM match_post_cards k
    LEFT JOIN match_post_people mine ON mine.post_id = k.id AND mine.user_id = $1
    LEFT JOIN matches m ON m.id = k.match_id
    WHERE k.id = $2
        AND (
            mine.joined_at IS NOT NULL
            OR (k.state <> 'cancelled' AND k.author_stands AND NOT has_blocked(k.author_id, $1))
        )
"""
# Who is in it, for whoever may know their names ($2) or only their marks.
PEOPLE: Final = """
    SELECT p.mark, p.user_id = $3 AS me, CASE WHEN $2 THEN u.id::text END AS user_id,
           CASE WHEN $2 THEN u.nickname END AS nickname, CASE WHEN $2 THEN u.avatar_id::text END AS avatar
    FROM match_post_people p JOIN users u ON u.id = p.user_id
    WHERE p.post_id = $1 AND p.joined_at IS NOT NULL
    ORDER BY p.joined_at, p.mark
"""
# Two statements for one list: each order has an index of its own.
NEWEST: Final = """
    SELECT k.*
    FROM match_post_shelves s
    JOIN match_posts_seen k ON k.id = s.post_id AND k.viewer_id = $1
    WHERE s.shelf = $2 AND s.post_id < $3 AND s.meets_at > $4
    ORDER BY s.post_id DESC
    LIMIT $5
"""
SOONEST: Final = """
    SELECT k.*
    FROM match_post_shelves s
    JOIN match_posts_seen k ON k.id = s.post_id AND k.viewer_id = $1
    WHERE s.shelf = $2 AND (s.meets_at, s.post_id) > ($3, $4) AND s.meets_at < $5
    ORDER BY s.meets_at, s.post_id
    LIMIT $6
"""
# The same, with all words of a text. Words that many posts have are soon found among the next two thousand of the shelf;
# those that are not, few posts have, and the index of trigrams yields these. So a page costs much the same whatever is
# sought: what lies far is not looked at when what is near makes a page, or is all there is.
FOUND_NEWEST: Final = """
    WITH asked AS MATERIALIZED (
        SELECT room_query($6, NULL) AS query, room_patterns($6) AS patterns
    ), nearest AS MATERIALIZED (
        SELECT post_id FROM match_post_shelves
        WHERE shelf = $2 AND post_id < $3 AND meets_at > $4
        ORDER BY post_id DESC
        LIMIT 2000
    ), near AS MATERIALIZED (
        SELECT k.*
        FROM nearest s
        JOIN match_post_texts t ON t.post_id = s.post_id
        JOIN match_posts_seen k ON k.id = s.post_id AND k.viewer_id = $1
        WHERE t.words LIKE ALL ((SELECT patterns FROM asked)::text[])
        ORDER BY s.post_id DESC
        LIMIT $5
    ), hits AS MATERIALIZED (
        SELECT post_id FROM match_post_texts
        WHERE grams @@ (SELECT query FROM asked) AND words LIKE ALL ((SELECT patterns FROM asked)::text[])
    ), far AS MATERIALIZED (
        SELECT k.*
        FROM hits
        JOIN match_post_shelves s ON s.post_id = hits.post_id
        JOIN match_posts_seen k ON k.id = s.post_id AND k.viewer_id = $1
        WHERE s.shelf = $2 AND s.post_id < (SELECT post_id FROM nearest ORDER BY post_id LIMIT 1) AND s.meets_at > $4
        ORDER BY s.post_id DESC
        LIMIT CASE WHEN (SELECT count(*) FROM nearest) < 2000 THEN 0 ELSE $5 - (SELECT count(*) FROM near) END
    )
    SELECT * FROM (TABLE near UNION ALL TABLE far) page ORDER BY id DESC
"""
FOUND_SOONEST: Final = """
    WITH asked AS MATERIALIZED (
        SELECT room_query($7, NULL) AS query, room_patterns($7) AS patterns
    ), nearest AS MATERIALIZED (
        SELECT post_id, meets_at FROM match_post_shelves
        WHERE shelf = $2 AND (meets_at, post_id) > ($3, $4) AND meets_at < $5
        ORDER BY meets_at, post_id
        LIMIT 2000
    ), near AS MATERIALIZED (
        SELECT k.*
        FROM nearest s
        JOIN match_post_texts t ON t.post_id = s.post_id
        JOIN match_posts_seen k ON k.id = s.post_id AND k.viewer_id = $1
        WHERE t.words LIKE ALL ((SELECT patterns FROM asked)::text[])
        ORDER BY s.meets_at, s.post_id
        LIMIT $6
    ), hits AS MATERIALIZED (
        SELECT post_id FROM match_post_texts
        WHERE grams @@ (SELECT query FROM asked) AND words LIKE ALL ((SELECT patterns FROM asked)::text[])
    ), far AS MATERIALIZED (
        SELECT k.*
        FROM hits
        JOIN match_post_shelves s ON s.post_id = hits.post_id
        JOIN match_posts_seen k ON k.id = s.post_id AND k.viewer_id = $1
        WHERE s.shelf = $2 AND s.meets_at < $5
            AND (s.meets_at, s.post_id)
                > (SELECT meets_at, post_id FROM nearest ORDER BY meets_at DESC, post_id DESC LIMIT 1)
        ORDER BY s.meets_at, s.post_id
        LIMIT CASE WHEN (SELECT count(*) FROM nearest) < 2000 THEN 0 ELSE $6 - (SELECT count(*) FROM near) END
    )
    SELECT * FROM (TABLE near UNION ALL TABLE far) page ORDER BY meets_at, id
"""
MINE: Final = """
    SELECT k.*, true AS joined, NOT k.anonymous OR k.match_id IS NOT NULL AS named
    FROM match_post_people mine
    JOIN match_post_cards k ON k.id = mine.post_id
    WHERE mine.user_id = $1 AND mine.joined_at IS NOT NULL AND mine.post_id < $2
    ORDER BY mine.post_id DESC
    LIMIT $3
"""

# --- comments ---------------------------------------------------------------------------------------------------------

COMMENT: Final = """
    INSERT INTO match_post_comments (post_id, author_id, text, commented_at) VALUES ($1, $2, $3, $4)
    RETURNING id::text
"""
COUNT_COMMENTS: Final = "UPDATE match_posts SET comments = comments + $2 WHERE id = $1"
LOCK_COMMENT: Final = """
    SELECT author_id::text AS author, text FROM match_post_comments WHERE id = $2 AND post_id = $1 FOR NO KEY UPDATE
"""
SAID: Final = "SELECT author_id::text AS author, text FROM match_post_comments WHERE id = $2 AND post_id = $1"
CHANGE_COMMENT: Final = "UPDATE match_post_comments SET text = $2, edited_at = $3 WHERE id = $1"
REMOVE_COMMENTS: Final = "DELETE FROM match_post_comments WHERE post_id = $1"
REMOVE_COMMENT: Final = "DELETE FROM match_post_comments WHERE id = $1"
# Comments for one person ($1), after one ($3). Of an anonymous post only who is in the match has names, for its people.
COMMENTS: Final = """
    SELECT c.id::text AS id, c.text, c.commented_at, c.edited_at, p.mark, p.user_id = $1 AS me,
           CASE WHEN named.named THEN u.id::text END AS user_id, CASE WHEN named.named THEN u.nickname END AS nickname,
           CASE WHEN named.named THEN u.avatar_id::text END AS avatar,
           NOT post.anonymous AND has_blocked($1, u.id) AS folded
    FROM match_post_comments c
    JOIN match_posts post ON post.id = c.post_id
    JOIN match_post_people p ON p.post_id = c.post_id AND p.user_id = c.author_id
    JOIN users u ON u.id = c.author_id
    LEFT JOIN match_post_people mine ON mine.post_id = c.post_id AND mine.user_id = $1
    CROSS JOIN LATERAL (
        SELECT NOT post.anonymous
               OR (post.match_id IS NOT NULL AND mine.joined_at IS NOT NULL AND p.joined_at IS NOT NULL) AS named
    ) named
    WHERE c.post_id = $2 AND c.id > $3
    ORDER BY c.id
    LIMIT $4
"""

# --- news, and the end ------------------------------------------------------------------------------------------------

# Who hears what somebody ($2) did: all who are in it, but he, and whoever blocked him and may know that it was he.
AUDIENCE: Final = """
    SELECT p.user_id::text AS user_id
    FROM match_post_people p JOIN match_posts post ON post.id = p.post_id
    WHERE p.post_id = $1 AND p.joined_at IS NOT NULL AND p.user_id <> $2
        AND (post.anonymous OR NOT has_blocked(p.user_id, $2))
    ORDER BY p.joined_at, p.mark
"""
ACTOR: Final = """
    SELECT p.mark, u.nickname FROM match_post_people p JOIN users u ON u.id = p.user_id
    WHERE p.post_id = $1 AND p.user_id = $2
"""
TO_END: Final = """
    SELECT id::text AS id, title, anonymous FROM match_posts
    WHERE state = 'open' AND meets_at <= $1
    ORDER BY meets_at
    LIMIT $2
    FOR NO KEY UPDATE SKIP LOCKED
"""
END: Final = "UPDATE match_posts SET state = 'over' WHERE id = ANY($1::uuid[])"
