"""The SQL of the public list.

`room_place` (of the schema) knows how many rooms there are, and where the list has the one before which so many others
stand. Each statement is asked with a rank or with the number of the last room shown, the other one being 0 or `FIRST`.
It yields one row at least, of nulls but for the total when the page is empty.
"""

from __future__ import annotations

from typing import Final

FIRST: Final = 2**63 - 1  # above every number: where the list begins

# Four statements for one list: a filter that may be absent would hide from the planner which index serves it.
_SHOWN: Final = """
    SELECT place.total, r.id::text AS id, r.number, r.title, r.description, r.category, r.tags,
           r.image_id::text AS image, r.capacity, r.member_count, r.visibility, r.created_at,
           EXISTS (SELECT 1 FROM members m WHERE m.room_id = r.id AND m.user_id = $1) AS joined
    FROM """
_LISTED: Final = """ AS place
    LEFT JOIN LATERAL (
        SELECT * FROM rooms
        WHERE kind = 'group' AND visibility <> 'private' AND archived_at IS NULL
            AND """
_POSSIBLE: Final = """ AS place
    LEFT JOIN LATERAL (
        SELECT * FROM rooms
        WHERE kind = 'group' AND visibility = 'public' AND archived_at IS NULL AND NOT is_full
            AND """
_PAGE: Final = """number < least($2, place.below)
        ORDER BY number DESC
        OFFSET place.skip
        LIMIT $4
    ) r ON true
    ORDER BY r.number DESC
"""
LISTED: Final = _SHOWN + "room_place('', false, $3)" + _LISTED + _PAGE
LISTED_OF_CATEGORY: Final = _SHOWN + "room_place($5, false, $3)" + _LISTED + "category = $5 AND " + _PAGE
POSSIBLE: Final = _SHOWN + "room_place('', true, $3)" + _POSSIBLE + _PAGE
POSSIBLE_OF_CATEGORY: Final = _SHOWN + "room_place($5, true, $3)" + _POSSIBLE + "category = $5 AND " + _PAGE

# The rooms that have all words of $5. Words that many rooms have are soon found among the newest two thousand; those that
# are not, few rooms have, and the index of trigrams yields these. So a page costs much the same whatever is sought: what
# lies far is not looked at when what is near makes a page.
FOUND: Final = """
    WITH asked AS MATERIALIZED (
        SELECT room_query($5, $6) AS query, room_patterns($5) AS patterns
    ), newest AS MATERIALIZED (
        SELECT number, grams FROM room_texts WHERE number < $2 ORDER BY number DESC LIMIT 2000
    ), near AS MATERIALIZED (
        SELECT r.number
        FROM (
            SELECT number FROM newest WHERE grams @@ (SELECT query FROM asked) ORDER BY number DESC
        ) hit
        JOIN rooms r ON r.number = hit.number
        WHERE r.kind = 'group' AND r.visibility <> 'private' AND r.archived_at IS NULL
            AND (NOT $7::boolean OR (r.visibility = 'public' AND NOT r.is_full))
            AND room_words(r.title, r.category, r.tags, r.description) LIKE ALL ((SELECT patterns FROM asked)::text[])
        ORDER BY r.number DESC
        LIMIT $3::bigint + $4
    ), hits AS MATERIALIZED (
        SELECT number FROM room_texts WHERE grams @@ (SELECT query FROM asked)
    ), far AS MATERIALIZED (
        SELECT r.number
        FROM (
            SELECT number FROM hits WHERE number < (SELECT min(number) FROM newest) ORDER BY number DESC
        ) hit
        JOIN rooms r ON r.number = hit.number
        WHERE r.kind = 'group' AND r.visibility <> 'private' AND r.archived_at IS NULL
            AND (NOT $7::boolean OR (r.visibility = 'public' AND NOT r.is_full))
            AND room_words(r.title, r.category, r.tags, r.description) LIKE ALL ((SELECT patterns FROM asked)::text[])
        ORDER BY r.number DESC
        LIMIT $3::bigint + $4 - (SELECT count(*) FROM near)
    )
    SELECT r.id::text AS id, r.number, r.title, r.description, r.category, r.tags,
           r.image_id::text AS image, r.capacity, r.member_count, r.visibility, r.created_at,
           EXISTS (SELECT 1 FROM members m WHERE m.room_id = r.id AND m.user_id = $1) AS joined
    FROM (
        SELECT number FROM near UNION ALL SELECT number FROM far ORDER BY number DESC OFFSET $3::bigint LIMIT $4
    ) page
    JOIN rooms r ON r.number = page.number
    WHERE r.kind = 'group' AND r.visibility <> 'private' AND r.archived_at IS NULL
    ORDER BY r.number DESC
"""
