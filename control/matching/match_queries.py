"""The SQL of matches, however they came about."""

from __future__ import annotations

from typing import Final

ADD_ROOM: Final = """
    INSERT INTO rooms (kind, title, title_en, category, capacity, visibility, history)
    VALUES ('match', $1, $2, $3, $4, 'private', 'all')
    RETURNING id::text
"""
ADD: Final = """
    INSERT INTO matches (category, origin, title, title_en, room_id, meets_at, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
    RETURNING id::text
"""
ADD_PEOPLE: Final = "INSERT INTO match_people (match_id, user_id) SELECT $1, unnest($2::uuid[])"
# What somebody called it, and its room, is not to be read any more.
UNTITLE: Final = """
    WITH met AS (UPDATE matches SET title = '-' WHERE id = $1 RETURNING room_id)
    UPDATE rooms SET title = '-' FROM met WHERE rooms.id = met.room_id
"""

# --- afterwards -------------------------------------------------------------------------------------------------------

# Matches of one person ($1) before one ($2), each with the others and what he gave them. Of reviews it reads only his own.
MINE: Final = """
    SELECT m.id::text AS id, m.category, m.origin, m.title, m.title_en, m.meets_at, m.made_at, here.room_id::text AS room,
           others.ids, others.nicknames, others.avatars, others.scores
    FROM (
        SELECT match_id FROM match_people WHERE user_id = $1 AND match_id < $2 ORDER BY match_id DESC LIMIT $3
    ) mine
    JOIN matches m ON m.id = mine.match_id
    LEFT JOIN members here ON here.room_id = m.room_id AND here.user_id = $1
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(u.id::text ORDER BY u.id), '{}') AS ids,
               coalesce(array_agg(u.nickname ORDER BY u.id), '{}') AS nicknames,
               coalesce(array_agg(u.avatar_id::text ORDER BY u.id), '{}') AS avatars,
               coalesce(array_agg(r.score ORDER BY u.id), '{}') AS scores
        FROM match_people p
        JOIN users u ON u.id = p.user_id
        LEFT JOIN match_reviews r ON r.match_id = p.match_id AND r.reviewer_id = $1 AND r.partner_id = p.user_id
        WHERE p.match_id = m.id AND p.user_id <> $1
    ) others
    ORDER BY m.id DESC
"""
# A match that somebody ($2) was in, and whether another ($3) was, too.
MET: Final = """
    SELECT m.meets_at, m.room_id::text AS room,
           EXISTS (SELECT FROM match_people p WHERE p.match_id = m.id AND p.user_id = $3) AS with_partner
    FROM matches m
    WHERE m.id = $1 AND EXISTS (SELECT FROM match_people p WHERE p.match_id = m.id AND p.user_id = $2)
"""
# The first word stands; the same said again is none.
REVIEW: Final = """
    INSERT INTO match_reviews (match_id, reviewer_id, partner_id, score, reward, reviewed_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (match_id, reviewer_id, partner_id) DO NOTHING
"""
GIVEN: Final = "SELECT score FROM match_reviews WHERE match_id = $1 AND reviewer_id = $2 AND partner_id = $3"
MAKE_PLACE: Final = "UPDATE rooms SET capacity = member_count + 1 WHERE id = $1 AND capacity = member_count"
