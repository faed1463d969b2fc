"""The SQL of rooms. Each list is one statement that an index serves; tests look at the plans."""

from __future__ import annotations

from typing import Final

# --- one room ---------------------------------------------------------------------------------------------------------

# A room, and what it keeps of one person. A direct room has no title: each of the two sees the other's name.
ROOM: Final = """
    SELECT r.id::text AS id, r.kind, coalesce(other.nickname, r.title) AS title, r.description, r.category, r.tags,
           r.capacity, r.member_count, r.visibility, r.history, r.slow_mode, r.created_at, r.join_code,
           m.role, m.joined_at, m.muted_until, m.last_read, m.notifications
    FROM rooms r
    LEFT JOIN members m ON m.room_id = r.id AND m.user_id = $2
    LEFT JOIN users other
        ON r.kind = 'direct' AND other.id = CASE WHEN r.pair_low = $2 THEN r.pair_high ELSE r.pair_low END
    WHERE r.id = $1 AND r.archived_at IS NULL
"""

# Before membership changes. What a statement reads of other tables is as old as its start, so what depends on the lock
# is asked by the next statement, never by this one.
LOCK_ROOM: Final = "SELECT kind FROM rooms WHERE id = $1 AND archived_at IS NULL FOR NO KEY UPDATE"

ADD_ROOM: Final = """
    INSERT INTO rooms (kind, title, description, category, tags, capacity, visibility, password_hash, history, join_code)
    VALUES ('group', $1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (join_code) DO NOTHING
    RETURNING id::text
"""
ARCHIVE_ROOM: Final = "UPDATE rooms SET archived_at = now() WHERE id = $1"

# --- membership -------------------------------------------------------------------------------------------------------

# What decides whether somebody may come in.
DOOR: Final = """
    SELECT r.kind, r.visibility, r.password_hash, r.is_full,
           EXISTS (SELECT 1 FROM members m WHERE m.room_id = r.id AND m.user_id = $2) AS is_member,
           EXISTS (SELECT 1 FROM room_bans b WHERE b.room_id = r.id AND b.user_id = $2) AS is_banned
    FROM rooms r
    WHERE r.id = $1 AND r.archived_at IS NULL
"""
ROOM_OF_CODE: Final = "SELECT id::text FROM rooms WHERE join_code = $1 AND archived_at IS NULL"

# Those of $2 who are not members yet become some; the rest are left as they are.
ADD_MEMBERS: Final = """
    INSERT INTO members (room_id, user_id, role, last_read)
    SELECT $1, person, $3, $4 FROM unnest($2::uuid[]) AS person
    ON CONFLICT DO NOTHING
    RETURNING user_id::text
"""
REMOVE_MEMBER: Final = "DELETE FROM members WHERE room_id = $1 AND user_id = $2 RETURNING role"
COUNT_MEMBERS: Final = (
    "UPDATE rooms SET member_count = member_count + $2 WHERE id = $1 RETURNING member_count"
)
NEXT_OWNER: Final = """
    UPDATE members SET role = 'owner'
    WHERE room_id = $1 AND user_id = (
        SELECT user_id FROM members WHERE room_id = $1 ORDER BY role = 'moderator' DESC, joined_at, user_id LIMIT 1
    )
"""
NICKNAMES: Final = "SELECT id::text AS id, nickname FROM users WHERE id = ANY($1::uuid[])"

MARK_READ: Final = """
    UPDATE members SET last_read = greatest(last_read, $3) WHERE room_id = $1 AND user_id = $2 RETURNING last_read
"""

# What a member may read of the room's past.
READER: Final = """
    SELECT r.history = 'all' AS sees_all, m.joined_at
    FROM members m
    JOIN rooms r ON r.id = m.room_id
    WHERE m.room_id = $1 AND m.user_id = $2
"""

# --- direct rooms -----------------------------------------------------------------------------------------------------

DIRECT_ROOM: Final = """
    SELECT id::text FROM rooms WHERE pair_low = least($1::uuid, $2) AND pair_high = greatest($1, $2)
"""
ADD_DIRECT_ROOM: Final = """
    INSERT INTO rooms (kind, title, capacity, visibility, history, pair_low, pair_high)
    VALUES ('direct', '', 2, 'private', 'joined', least($1::uuid, $2), greatest($1, $2))
    ON CONFLICT (pair_low, pair_high) DO NOTHING
"""
LOCK_DIRECT_ROOM: Final = """
    SELECT id::text FROM rooms WHERE pair_low = least($1::uuid, $2) AND pair_high = greatest($1, $2)
    FOR NO KEY UPDATE
"""

# --- lists ------------------------------------------------------------------------------------------------------------

# Four statements for one list: a filter that may be absent would hide from the planner which index serves it.
LISTED: Final = """
    SELECT r.id::text AS id, r.title, r.description, r.category, r.tags, r.capacity, r.member_count, r.visibility,
           r.created_at,
           EXISTS (SELECT 1 FROM members m WHERE m.room_id = r.id AND m.user_id = $1) AS joined
    FROM rooms r
    WHERE r.kind = 'group' AND r.visibility <> 'private' AND r.archived_at IS NULL AND r.id < $2
    ORDER BY r.id DESC
    LIMIT $3
"""
LISTED_OF_CATEGORY: Final = """
    SELECT r.id::text AS id, r.title, r.description, r.category, r.tags, r.capacity, r.member_count, r.visibility,
           r.created_at,
           EXISTS (SELECT 1 FROM members m WHERE m.room_id = r.id AND m.user_id = $1) AS joined
    FROM rooms r
    WHERE r.kind = 'group' AND r.visibility <> 'private' AND r.archived_at IS NULL AND r.id < $2
        AND r.category = $4
    ORDER BY r.id DESC
    LIMIT $3
"""
POSSIBLE: Final = """
    SELECT r.id::text AS id, r.title, r.description, r.category, r.tags, r.capacity, r.member_count, r.visibility,
           r.created_at,
           EXISTS (SELECT 1 FROM members m WHERE m.room_id = r.id AND m.user_id = $1) AS joined
    FROM rooms r
    WHERE r.kind = 'group' AND r.visibility = 'public' AND r.archived_at IS NULL AND NOT r.is_full AND r.id < $2
    ORDER BY r.id DESC
    LIMIT $3
"""
POSSIBLE_OF_CATEGORY: Final = """
    SELECT r.id::text AS id, r.title, r.description, r.category, r.tags, r.capacity, r.member_count, r.visibility,
           r.created_at,
           EXISTS (SELECT 1 FROM members m WHERE m.room_id = r.id AND m.user_id = $1) AS joined
    FROM rooms r
    WHERE r.kind = 'group' AND r.visibility = 'public' AND r.archived_at IS NULL AND NOT r.is_full AND r.id < $2
        AND r.category = $4
    ORDER BY r.id DESC
    LIMIT $3
"""

# My rooms, each with up to four others. The page is cut, and the faces are chosen, before anything is joined: an index
# yields them in order, however many rooms there are and however many people are in them.
MINE: Final = """
    SELECT r.id::text AS id, r.kind, coalesce(other.nickname, r.title) AS title, r.category, r.visibility, r.capacity,
           r.member_count, r.history, mine.role, mine.joined_at, mine.muted_until, mine.last_read, mine.notifications,
           faces.ids AS face_ids, faces.nicknames AS face_nicknames
    FROM (SELECT * FROM members WHERE user_id = $1 AND room_id < $2 ORDER BY room_id DESC LIMIT $3) mine
    JOIN rooms r ON r.id = mine.room_id
    LEFT JOIN users other
        ON r.kind = 'direct' AND other.id = CASE WHEN r.pair_low = $1 THEN r.pair_high ELSE r.pair_low END
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(u.id::text ORDER BY face.joined_at, u.id), '{}') AS ids,
               coalesce(array_agg(u.nickname ORDER BY face.joined_at, u.id), '{}') AS nicknames
        FROM (
            SELECT user_id, joined_at FROM members
            WHERE room_id = r.id AND user_id <> $1
            ORDER BY joined_at, user_id
            LIMIT 4
        ) face
        JOIN users u ON u.id = face.user_id
    ) faces
    ORDER BY r.id DESC
"""

# A page of members, for a member: no row at all means that the asker is none; a row of nulls, that the page is empty.
MEMBERS: Final = """
    SELECT page.user_id::text AS id, u.nickname, page.role, page.joined_at
    FROM members me
    LEFT JOIN LATERAL (
        SELECT user_id, role, joined_at FROM members
        WHERE room_id = $1 AND (joined_at, user_id) > ($3, $4)
        ORDER BY joined_at, user_id
        LIMIT $5
    ) page ON true
    LEFT JOIN users u ON u.id = page.user_id
    WHERE me.room_id = $1 AND me.user_id = $2
    ORDER BY page.joined_at, page.user_id
"""
