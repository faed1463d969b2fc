"""The SQL of rooms. Each list is one statement that an index serves; tests look at the plans."""

from __future__ import annotations

from typing import Final

# --- one room ---------------------------------------------------------------------------------------------------------

# A room, and what it keeps of one person. A direct room has no title: each of the two sees the other's name.
ROOM: Final = """
    SELECT r.id::text AS id, r.kind, coalesce(other.nickname, r.title) AS title, r.title_en, r.description, r.category,
           r.tags, r.image_id::text AS image, r.capacity, r.member_count, r.visibility, r.history, r.slow_mode, r.created_at,
           r.join_code, m.role, m.joined_at, m.muted_until, m.last_read, m.notifications
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
    INSERT INTO rooms (kind, title, description, category, tags, capacity, visibility, password_hash, history, image_id,
                       join_code)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (join_code) DO NOTHING
    RETURNING id::text
"""
ARCHIVE_ROOM: Final = "UPDATE rooms SET archived_at = now(), member_count = 0 WHERE id = $1"

# --- membership -------------------------------------------------------------------------------------------------------

# What decides whether somebody may come in.
DOOR: Final = """
    SELECT r.kind, r.visibility, r.password_hash, r.is_full,
           EXISTS (SELECT 1 FROM members m WHERE m.room_id = r.id AND m.user_id = $2) AS is_member,
           EXISTS (
               SELECT 1 FROM room_bans b
               WHERE b.room_id = r.id AND b.user_id = $2 AND (b.until IS NULL OR b.until > now())
           ) AS is_banned
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
# Nobody becomes or ceases to be that: the room of a class is its mentor's for good.
IS_MENTOR_HERE: Final = """
    SELECT EXISTS (
        SELECT FROM rooms r JOIN members m ON m.room_id = r.id
        WHERE r.id = $1 AND r.kind = 'class' AND m.user_id = $2 AND m.role = 'owner'
    )
"""
REMOVE_MEMBER: Final = "DELETE FROM members WHERE room_id = $1 AND user_id = $2 RETURNING role"
COUNT_MEMBERS: Final = (
    "UPDATE rooms SET member_count = member_count + $2 WHERE id = $1 RETURNING member_count"
)
# People before bots, and of people those who can look after it before those who were shut out, and may come back.
NEXT_OWNER: Final = """
    UPDATE members SET role = 'owner'
    WHERE room_id = $1 AND user_id = (
        SELECT m.user_id
        FROM members m
        JOIN users u ON u.id = m.user_id
        JOIN rooms r ON r.id = m.room_id
        LEFT JOIN suspensions s ON s.user_id = m.user_id
        WHERE m.room_id = $1
        ORDER BY u.kind = 'bot', u.deleted_at IS NOT NULL OR s.user_id IS NOT NULL,
                 r.kind <> 'call' AND m.role = 'moderator' DESC, m.joined_at, m.user_id
        LIMIT 1
    )
    RETURNING user_id::text
"""
COUNT_PRESENT: Final = "SELECT count(*) FROM users WHERE id = ANY($1::uuid[]) AND deleted_at IS NULL"
NICKNAME: Final = "SELECT nickname FROM users WHERE id = $1"
NICKNAMES: Final = "SELECT id::text AS id, nickname FROM users WHERE id = ANY($1::uuid[])"

# One row: the cursor before and after. It is locked first, so that what it was before is what it is, and not what it was
# when the statement began.
MARK_READ: Final = """
    WITH held AS (
        SELECT last_read FROM members WHERE room_id = $1 AND user_id = $2 FOR NO KEY UPDATE
    ), moved AS (
        UPDATE members SET last_read = $3 FROM held WHERE room_id = $1 AND user_id = $2 AND held.last_read < $3
    )
    SELECT held.last_read AS before, greatest(held.last_read, $3) AS last_read,
           (SELECT member_count FROM rooms WHERE id = $1) AS member_count,
           ARRAY(SELECT other_id::text FROM relations WHERE user_id = $2 AND kind = 'blocked') AS shunned,
           ARRAY(SELECT user_id::text FROM relations WHERE other_id = $2 AND kind = 'blocked') AS shunned_by
    FROM held
"""

# What a member may read of the room's past.
READER: Final = """
    SELECT r.history = 'all' AS sees_all, m.joined_at
    FROM members m
    JOIN rooms r ON r.id = m.room_id
    WHERE m.room_id = $1 AND m.user_id = $2
"""

SET_NOTIFICATIONS: Final = """
    UPDATE members SET notifications = $3 WHERE room_id = $1 AND user_id = $2 RETURNING true
"""

# --- moderation -------------------------------------------------------------------------------------------------------

# Who acts and upon whom ($3, if anybody), to be asked behind the lock.
ROLES: Final = """
    SELECT (SELECT role FROM members WHERE room_id = $1 AND user_id = $2) AS role,
           (SELECT role FROM members WHERE room_id = $1 AND user_id = $3) AS their_role,
           (SELECT nickname FROM users WHERE id = $3) AS name
"""
NOTE: Final = "INSERT INTO room_audit (room_id, by, act, person, detail) VALUES ($1, $2, $3, $4, $5)"
# Whether $2 was the owner last, passed the room on to $3, who has it, and is still there.
WAS_PASSED: Final = """
    SELECT true
    FROM members me
    JOIN members them ON them.room_id = me.room_id AND them.user_id = $3 AND them.role = 'owner'
    JOIN LATERAL (
        SELECT by, person FROM room_audit
        WHERE room_id = $1 AND act = 'owner.passed'
        ORDER BY id DESC
        LIMIT 1
    ) passed ON passed.by = $2 AND passed.person = $3
    WHERE me.room_id = $1 AND me.user_id = $2
"""
WAS_ARCHIVED: Final = "SELECT true FROM room_audit WHERE room_id = $1 AND act = 'room.archived' AND by = $2"
SET_ROLE: Final = "UPDATE members SET role = $3 WHERE room_id = $1 AND user_id = $2"
MUTE: Final = """
    UPDATE members SET muted_until = $3
    WHERE room_id = $1 AND user_id = $2
        AND CASE WHEN $3::timestamptz IS NULL THEN muted_until > now() ELSE muted_until IS DISTINCT FROM $3 END
    RETURNING true
"""

# A ban that says the same as the one that stands is none.
BAN: Final = """
    INSERT INTO room_bans (room_id, user_id, by, reason, until) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (room_id, user_id) DO UPDATE
    SET by = excluded.by, reason = excluded.reason, until = excluded.until, banned_at = now()
    WHERE (room_bans.reason, room_bans.until) IS DISTINCT FROM (excluded.reason, excluded.until)
    RETURNING true
"""
UNBAN: Final = """
    WITH gone AS (DELETE FROM room_bans WHERE room_id = $1 AND user_id = $2 RETURNING until)
    SELECT true FROM gone WHERE until IS NULL OR until > now()
"""
BANNED_AMONG: Final = """
    SELECT user_id::text AS id FROM room_bans
    WHERE room_id = $1 AND user_id = ANY($2::uuid[]) AND (until IS NULL OR until > now())
"""

# Pages for moderators: no row at all means that the asker is no member; a row of nulls, that the page is empty, or not
# for plain members.
BANS: Final = """
    SELECT me.role AS my_role, page.user_id::text AS id, u.nickname, u.kind = 'bot' AS bot, u.avatar_id::text AS avatar,
           page.by::text AS by, b.nickname AS by_nickname, page.reason, page.banned_at, page.until
    FROM members me
    LEFT JOIN LATERAL (
        SELECT user_id, by, reason, banned_at, until FROM room_bans
        WHERE room_id = $1 AND (banned_at, user_id) < ($3, $4) AND (until IS NULL OR until > now())
            AND me.role <> 'member'
        ORDER BY banned_at DESC, user_id DESC
        LIMIT $5
    ) page ON true
    LEFT JOIN users u ON u.id = page.user_id
    LEFT JOIN users b ON b.id = page.by
    WHERE me.room_id = $1 AND me.user_id = $2
    ORDER BY page.banned_at DESC, page.user_id DESC
"""
AUDIT: Final = """
    SELECT me.role AS my_role, page.id::text AS id, page.at, page.act, page.detail, page.key,
           page.by::text AS by, b.nickname AS by_nickname, b.kind = 'bot' AS by_bot,
           page.person::text AS person, u.nickname, u.kind = 'bot' AS bot
    FROM members me
    LEFT JOIN LATERAL (
        SELECT id, at, act, detail, by, person, key FROM room_audit
        WHERE room_id = $1 AND id < $3 AND me.role <> 'member'
        ORDER BY id DESC
        LIMIT $4
    ) page ON true
    LEFT JOIN users b ON b.id = page.by
    LEFT JOIN users u ON u.id = page.person
    WHERE me.room_id = $1 AND me.user_id = $2
    ORDER BY page.id DESC
"""

# --- what a room is ---------------------------------------------------------------------------------------------------

FIELDS: Final = """
    SELECT title, description, category, tags, capacity, visibility, password_hash, history, slow_mode,
           image_id::text AS image, member_count
    FROM rooms WHERE id = $1
"""
CHANGE: Final = """
    UPDATE rooms
    SET title = $2, title_en = CASE WHEN title = $2 THEN title_en END, description = $3, category = $4, tags = $5,
        capacity = $6, visibility = $7, password_hash = $8, history = $9, slow_mode = $10, image_id = $11
    WHERE id = $1
"""
# A picture of one's own, confirmed, that was asked for as a room's; until the transaction ends nobody removes it.
IMAGE: Final = """
    SELECT true FROM uploads
    WHERE id = $2 AND owner_id = $1 AND purpose = 'room_image' AND confirmed_at IS NOT NULL AND removed_at IS NULL
    FOR SHARE
"""
# A picture that no room shows any more is swept away.
DROP_IMAGE: Final = """
    UPDATE uploads SET removed_at = now()
    WHERE id = $1 AND removed_at IS NULL AND NOT EXISTS (SELECT FROM rooms WHERE image_id = $1)
"""
CHANGE_CODE: Final = """
    UPDATE rooms SET join_code = $2
    WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM rooms WHERE join_code = $2)
    RETURNING true
"""
REMOVE_ALL: Final = "DELETE FROM members WHERE room_id = $1 RETURNING user_id::text AS user_id"

# --- calls ------------------------------------------------------------------------------------------------------------

CALLS: Final = """
    SELECT id::text AS id FROM rooms
    WHERE kind = 'call' AND archived_at IS NULL AND id > $1
    ORDER BY id
    LIMIT $2
"""
CALLS_BUSY: Final = "UPDATE rooms SET idle_since = NULL WHERE id = ANY($1::uuid[]) AND idle_since IS NOT NULL"
CALLS_IDLE: Final = """
    UPDATE rooms SET idle_since = $2
    WHERE id = ANY($1::uuid[]) AND kind = 'call' AND archived_at IS NULL AND idle_since IS NULL
"""
CALLS_DUE: Final = """
    SELECT id::text AS id FROM rooms
    WHERE id = ANY($1::uuid[]) AND archived_at IS NULL AND idle_since <= $2
"""

# --- invitations and links --------------------------------------------------------------------------------------------

# Those who are in, and those who blocked the inviter, are passed over; the inviter cannot tell.
INVITE: Final = """
    INSERT INTO room_invitations (room_id, user_id, by, expires_at)
    SELECT $1, person, $2, $4
    FROM unnest($3::uuid[]) AS person
    WHERE NOT EXISTS (SELECT 1 FROM members WHERE room_id = $1 AND user_id = person)
        AND NOT EXISTS (SELECT 1 FROM relations WHERE user_id = person AND other_id = $2 AND kind = 'blocked')
    ON CONFLICT (room_id, user_id, by) DO UPDATE SET invited_at = now(), expires_at = excluded.expires_at
    WHERE room_invitations.expires_at <= now()
    RETURNING id::text, user_id::text
"""
TITLE_AND_NICKNAME: Final = "SELECT r.title, u.nickname FROM rooms r, users u WHERE r.id = $1 AND u.id = $2"
INVITATIONS: Final = """
    SELECT i.id::text AS id, i.invited_at, i.expires_at, i.by::text AS by, u.nickname AS by_nickname,
           u.avatar_id::text AS by_avatar, r.id::text AS room, r.title, r.description, r.image_id::text AS image,
           r.member_count, r.capacity, r.visibility
    FROM room_invitations i
    JOIN rooms r ON r.id = i.room_id
    JOIN users u ON u.id = i.by
    WHERE i.user_id = $1 AND i.id < $2 AND i.expires_at > now() AND r.archived_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM members m WHERE m.room_id = i.room_id AND m.user_id = $1)
        AND NOT EXISTS (
            SELECT 1 FROM relations b WHERE b.user_id = $1 AND b.other_id = i.by AND b.kind = 'blocked'
        )
    ORDER BY i.id DESC
    LIMIT $3
"""
INVITATION: Final = """
    SELECT i.room_id::text FROM room_invitations i
    WHERE i.id = $1 AND i.user_id = $2 AND i.expires_at > now()
        AND NOT EXISTS (
            SELECT 1 FROM relations b WHERE b.user_id = $2 AND b.other_id = i.by AND b.kind = 'blocked'
        )
"""
DECLINE: Final = "DELETE FROM room_invitations WHERE id = $1 AND user_id = $2"
FORGET_INVITATIONS: Final = (
    "DELETE FROM room_invitations WHERE room_id = $1 AND (user_id = $2 OR by = $2)"  # of somebody who goes
)
FORGET_ALL_INVITATIONS: Final = "DELETE FROM room_invitations WHERE room_id = $1"

COUNT_LINKS: Final = "SELECT count(*) FROM room_links WHERE room_id = $1 AND expires_at > now()"
ADD_LINK: Final = """
    INSERT INTO room_links (room_id, code, by, expires_at, max_uses) VALUES ($1, $2, $3, $4, $5)
    RETURNING id::text, made_at
"""
LINKS: Final = """
    SELECT me.role AS my_role, page.id::text AS id, page.code, page.by::text AS by, u.nickname AS by_nickname,
           page.made_at, page.expires_at, page.uses, page.max_uses
    FROM members me
    LEFT JOIN LATERAL (
        SELECT id, code, by, made_at, expires_at, uses, max_uses FROM room_links
        WHERE room_id = $1 AND expires_at > now() AND me.role <> 'member'
        ORDER BY id DESC
        LIMIT $3
    ) page ON true
    LEFT JOIN users u ON u.id = page.by
    WHERE me.room_id = $1 AND me.user_id = $2
    ORDER BY page.id DESC
"""
REMOVE_LINK: Final = "DELETE FROM room_links WHERE room_id = $1 AND id = $2 RETURNING true"
FORGET_LINKS: Final = "DELETE FROM room_links WHERE room_id = $1"
LINK: Final = """
    SELECT l.room_id::text AS room_id, l.expires_at > now() AS is_live, (l.uses < l.max_uses) IS NOT FALSE AS has_uses
    FROM room_links l JOIN rooms r ON r.id = l.room_id AND r.archived_at IS NULL
    WHERE l.code = $1
"""
USE_LINK: Final = "UPDATE room_links SET uses = uses + 1 WHERE code = $1"
LINKED_ROOM: Final = """
    SELECT r.id::text AS id, r.title, r.description, r.category, r.tags, r.image_id::text AS image, r.capacity,
           r.member_count, r.visibility, r.created_at,
           EXISTS (SELECT 1 FROM members m WHERE m.room_id = r.id AND m.user_id = $1) AS joined
    FROM rooms r
    WHERE r.id = $2
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

# My rooms, each with up to four others. The page is cut, and the faces are chosen, before anything is joined: an index
# yields them in order, however many rooms there are and however many people are in them. Of whom one may know whether they
# are here, among those who share a room, is chatd's rule (chatd/presence/circle.py). Whom I blocked is told once, with the
# first room.
MINE: Final = """
    SELECT r.id::text AS id, r.kind, coalesce(other.nickname, r.title) AS title, r.title_en, r.category,
           r.image_id::text AS image, r.visibility, r.capacity, r.member_count, r.history, mine.role, mine.joined_at,
           mine.muted_until, mine.last_read, mine.notifications, faces.ids AS face_ids, faces.nicknames AS face_nicknames,
           faces.kinds AS face_kinds, faces.avatars AS face_avatars, faces.known AS face_known,
           CASE WHEN row_number() OVER (ORDER BY r.id DESC) = 1 THEN
               ARRAY(SELECT other_id::text FROM relations WHERE user_id = $1 AND kind = 'blocked')
           END AS shunned
    FROM (SELECT * FROM members WHERE user_id = $1 AND room_id < $2 ORDER BY room_id DESC LIMIT $3) mine
    JOIN rooms r ON r.id = mine.room_id
    LEFT JOIN users other
        ON r.kind = 'direct' AND other.id = CASE WHEN r.pair_low = $1 THEN r.pair_high ELSE r.pair_low END
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(u.id::text ORDER BY face.joined_at, u.id), '{}') AS ids,
               coalesce(array_agg(u.nickname ORDER BY face.joined_at, u.id), '{}') AS nicknames,
               coalesce(array_agg(u.kind ORDER BY face.joined_at, u.id), '{}') AS kinds,
               coalesce(array_agg(
                   CASE WHEN NOT EXISTS (
                       SELECT 1 FROM relations WHERE user_id = u.id AND other_id = $1 AND kind = 'blocked'
                   ) THEN u.avatar_id::text END
                   ORDER BY face.joined_at, u.id
               ), '{}') AS avatars,
               coalesce(array_agg(
                   CASE WHEN u.presence <> 'nobody'
                       AND NOT EXISTS (
                           SELECT 1 FROM relations
                           WHERE kind = 'blocked'
                               AND (user_id = $1 AND other_id = u.id OR user_id = u.id AND other_id = $1)
                       )
                       AND (u.presence = 'everyone' OR EXISTS (
                           SELECT 1 FROM relations WHERE user_id = u.id AND other_id = $1 AND kind = 'friend'
                       ))
                   THEN u.id::text END
                   ORDER BY face.joined_at, u.id
               ), '{}') AS known
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
    SELECT page.user_id::text AS id, u.nickname, u.kind = 'bot' AS bot, page.role, page.joined_at, page.muted_until,
           CASE WHEN away.user_id IS NULL THEN u.avatar_id::text END AS avatar,
           CASE WHEN room.member_count <= $6 AND away.user_id IS NULL AND shunned.user_id IS NULL
                THEN page.last_read END AS last_read
    FROM members me
    JOIN rooms room ON room.id = me.room_id
    LEFT JOIN LATERAL (
        SELECT user_id, role, joined_at, muted_until, last_read FROM members
        WHERE room_id = $1 AND (joined_at, user_id) > ($3, $4)
        ORDER BY joined_at, user_id
        LIMIT $5
    ) page ON true
    LEFT JOIN users u ON u.id = page.user_id
    LEFT JOIN relations away ON away.user_id = page.user_id AND away.other_id = $2 AND away.kind = 'blocked'
    LEFT JOIN relations shunned ON shunned.user_id = $2 AND shunned.other_id = page.user_id AND shunned.kind = 'blocked'
    WHERE me.room_id = $1 AND me.user_id = $2
    ORDER BY page.joined_at, page.user_id
"""
