"""The SQL of search. However much there is, each statement looks at a bounded number of rows, which an index yields."""

from __future__ import annotations

from typing import Final

LIKENESS: Final = 0.45  # of a word of two syllables with one slip in it

# What is typed for a text; and for this transaction, how alike is alike. Of a frequent word the planner would rather read
# rows in any order until it has met enough; it cannot know when two frequent words never meet, and then it reads them all.
# So it may only ask the index of words, by a bitmap, and read the titles in their order off theirs.
BEGIN: Final = """
    SELECT keystrokes($1) AS strokes, set_config('pg_trgm.word_similarity_threshold', $2, true),
           set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true)
"""

# Of one kind ($1): whole title, beginning of the title, all words among the names, and in the text. What looks alike is
# asked for only when there is little else. $2: the keystrokes, $3: the pattern of a title's beginning, $4 to $8: patterns of
# the words. The more of a title it is, the higher it stands.
RANK: Final = """
    WITH headed AS (
        SELECT id, head FROM search_entries WHERE kind = $1 AND head LIKE $3 ORDER BY head, id LIMIT 100
    ), named AS (
        SELECT id, head FROM search_entries
        WHERE kind = $1 AND names LIKE $4 AND names LIKE $5 AND names LIKE $6 AND names LIKE $7 AND names LIKE $8
        LIMIT 500
    ), told AS (
        SELECT id FROM search_entries
        WHERE kind = $1 AND body LIKE $4 AND body LIKE $5 AND body LIKE $6 AND body LIKE $7 AND body LIKE $8
            AND (SELECT count(*) FROM named) < 100
        LIMIT 100
    ), alike AS (
        SELECT id, word_similarity($2, names) AS likeness FROM search_entries
        WHERE kind = $1 AND $2 <% names AND (SELECT count(*) FROM named) + (SELECT count(*) FROM told) < 20
        LIMIT 500
    )
    SELECT id::text AS id, max(score)::float8 AS score
    FROM (
        SELECT id, 4 + similarity(head, $2) AS score FROM headed
        UNION ALL
        SELECT id, CASE WHEN ' ' || head LIKE '% ' || $2 || '%' THEN 3 WHEN head LIKE '%' || $2 || '%' THEN 2.5 ELSE 2 END
                   + similarity(head, $2) / 2
        FROM named
        UNION ALL
        SELECT id, 1 FROM told
        UNION ALL
        SELECT id, likeness FROM alike
    ) found
    GROUP BY id
    ORDER BY score DESC, id DESC
    LIMIT $9
"""

# Titles that begin so; and when there are few, those where a word does.
SUGGEST: Final = """
    WITH headed AS (
        SELECT id, head FROM search_entries WHERE kind = $1 AND head LIKE $3 ORDER BY head, id LIMIT $5
    ), named AS (
        SELECT id, head FROM search_entries
        WHERE kind = $1 AND names LIKE $4 AND (SELECT count(*) FROM headed) < $5
        LIMIT 100
    )
    SELECT id::text AS id, max(score)::float8 AS score
    FROM (
        SELECT id, 1 + similarity(head, $2) AS score FROM headed
        UNION ALL
        SELECT id, similarity(head, $2) FROM named
    ) found
    GROUP BY id
    ORDER BY score DESC, id DESC
    LIMIT $5
"""

# --- what is shown ----------------------------------------------------------------------------------------------------

ROOMS: Final = """
    SELECT r.id::text AS id, r.title, r.description, r.category, r.tags, r.image_id::text AS image, r.capacity,
           r.member_count, r.visibility, r.created_at,
           EXISTS (SELECT 1 FROM members m WHERE m.room_id = r.id AND m.user_id = $1) AS joined
    FROM rooms r
    WHERE r.id = ANY($2::uuid[]) AND r.kind = 'group' AND r.visibility = 'public' AND r.archived_at IS NULL
"""
QUESTIONS: Final = """
    SELECT k.*, likes_post($1, k.post_id) AS liked, has_blocked($1, k.author_id) AS folded
    FROM question_cards k
    WHERE k.post_id = ANY($2::uuid[])
"""
CLASSES: Final = """
    SELECT k.*,
           (SELECT r.state FROM class_registrations r
            WHERE r.class_id = k.id AND r.user_id = $1 AND r.state <> 'ended') AS mine
    FROM class_cards k
    JOIN listed_mentors m ON m.user_id = k.mentor_id
    WHERE k.id = ANY($2::uuid[]) AND k.state = 'open' AND k.unlisted_at IS NULL AND k.starts_at > now()
"""
MENTORS: Final = """
    SELECT m.user_id::text AS id, m.nickname, m.avatar, m.company, m.department, m.introduction, m.hours, m.categories, m.since,
           m.followers, m.answers, m.reviews, m.rating,
           EXISTS (SELECT FROM follows f WHERE f.user_id = $1 AND f.mentor_id = m.user_id) AS following
    FROM listed_mentors m
    WHERE m.user_id = ANY($2::uuid[])
"""
