"""The SQL of people and of what they keep of each other."""

from __future__ import annotations

from typing import Final

PEOPLE: Final = "SELECT id::text AS id, nickname FROM users WHERE id = ANY($1::uuid[]) ORDER BY id"

# --- relations --------------------------------------------------------------------------------------------------------

# Whose relations change is locked first: that keeps their number true, and puts the news of them in order. Whoever opens
# a direct room locks both people for sharing, so that no block goes unseen.
LOCK_PERSON: Final = "SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE"
SHARE_PEOPLE: Final = "SELECT id FROM users WHERE id = ANY($1::uuid[]) ORDER BY id FOR SHARE"
EXISTS: Final = "SELECT EXISTS (SELECT 1 FROM users WHERE id = $1)"
COUNT: Final = "SELECT count(*) FROM relations WHERE user_id = $1 AND kind = $2"
ADD: Final = """
    INSERT INTO relations (user_id, other_id, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true
"""
REMOVE: Final = "DELETE FROM relations WHERE user_id = $1 AND other_id = $2 AND kind = $3 RETURNING true"
DIRECT_ROOM: Final = """
    SELECT id::text FROM rooms WHERE pair_low = least($1::uuid, $2) AND pair_high = greatest($1, $2)
"""

# Who of two people blocked the other.
BLOCKS: Final = """
    SELECT r.user_id::text AS user_id
    FROM (VALUES ($1::uuid, $2::uuid), ($2, $1)) AS way(user_id, other_id)
    JOIN relations r ON r.user_id = way.user_id AND r.other_id = way.other_id AND r.kind = 'blocked'
"""

# Two statements for one list: who is hidden or blocked is on those lists alone.
FRIENDS: Final = """
    SELECT r.other_id::text AS id, u.nickname, r.since,
           EXISTS (
               SELECT 1 FROM relations f
               WHERE f.user_id = r.user_id AND f.other_id = r.other_id AND f.kind = 'favourite'
           ) AS favourite
    FROM relations r
    JOIN users u ON u.id = r.other_id
    WHERE r.user_id = $1 AND r.kind = $2 AND (r.since, r.other_id) < ($3, $4)
        AND NOT EXISTS (
            SELECT 1 FROM relations away
            WHERE away.user_id = r.user_id AND away.other_id = r.other_id AND away.kind IN ('hidden', 'blocked')
        )
    ORDER BY r.since DESC, r.other_id DESC
    LIMIT $5
"""
PUT_AWAY: Final = """
    SELECT r.other_id::text AS id, u.nickname, r.since,
           EXISTS (
               SELECT 1 FROM relations f
               WHERE f.user_id = r.user_id AND f.other_id = r.other_id AND f.kind = 'favourite'
           ) AS favourite
    FROM relations r
    JOIN users u ON u.id = r.other_id
    WHERE r.user_id = $1 AND r.kind = $2 AND (r.since, r.other_id) < ($3, $4)
    ORDER BY r.since DESC, r.other_id DESC
    LIMIT $5
"""
