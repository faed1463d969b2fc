"""The SQL of uploads."""

from __future__ import annotations

from typing import Final

ADD: Final = """
    INSERT INTO uploads (id, owner_id, purpose, room_id, name, media_type, size)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
# What somebody has asked for or sent, and uses nowhere: the files that are not confirmed yet, and the bytes of them all.
PENDING: Final = """
    SELECT count(*) FILTER (WHERE confirmed_at IS NULL) AS open, coalesce(sum(size), 0)::bigint AS bytes
    FROM uploads
    WHERE owner_id = $1 AND NOT settled AND removed_at IS NULL AND NOT upload_is_used(id)
"""
LOCK_OWNER: Final = "SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE"
IS_MEMBER: Final = "SELECT 1 FROM members WHERE room_id = $1 AND user_id = $2"

OWN: Final = """
    SELECT id::text AS id, purpose, name, media_type, size, width, height, confirmed_at
    FROM uploads
    WHERE id = $1 AND owner_id = $2 AND removed_at IS NULL
"""
CONFIRM: Final = """
    UPDATE uploads
    SET media_type = $2, width = $3, height = $4, thumbnail = $5, confirmed_at = now()
    WHERE id = $1 AND confirmed_at IS NULL AND removed_at IS NULL
    RETURNING 1
"""
REMOVE: Final = "UPDATE uploads SET removed_at = now() WHERE id = $1 AND confirmed_at IS NULL"

# The file, for $2 if it is for him: one's own, and else what belongs to something that he may see, as the statements that
# show that thing decide it. $3: who reviews mentors; $4: who sees every class; $5: the link to a room that he came by.
READABLE: Final = """
    SELECT u.id::text AS id, u.purpose, u.name, u.media_type, u.size, u.width, u.height, u.thumbnail
    FROM uploads u
    WHERE u.id = $1 AND u.confirmed_at IS NOT NULL AND u.removed_at IS NULL AND (u.owner_id = $2 OR CASE u.purpose
        WHEN 'avatar' THEN
            EXISTS (SELECT FROM avatars WHERE upload_id = u.id)
            AND NOT EXISTS (SELECT FROM relations WHERE user_id = u.owner_id AND other_id = $2 AND kind = 'blocked')
        WHEN 'wallpaper' THEN
            EXISTS (SELECT FROM users WHERE wallpaper_id = u.id)
            AND NOT EXISTS (SELECT FROM relations WHERE user_id = u.owner_id AND other_id = $2 AND kind = 'blocked')
        WHEN 'room_image' THEN EXISTS (
            SELECT FROM rooms r
            WHERE r.image_id = u.id AND r.archived_at IS NULL AND (
                r.visibility <> 'private'
                OR EXISTS (SELECT FROM members WHERE room_id = r.id AND user_id = $2)
                OR EXISTS (
                    SELECT FROM room_invitations i
                    WHERE i.room_id = r.id AND i.user_id = $2 AND i.expires_at > now() AND NOT EXISTS (
                        SELECT FROM relations WHERE user_id = $2 AND other_id = i.by AND kind = 'blocked'
                    )
                )
                OR EXISTS (
                    SELECT FROM room_links
                    WHERE code = $5 AND room_id = r.id AND expires_at > now() AND (uses < max_uses) IS NOT FALSE
                )
            )
        )
        WHEN 'class_cover' THEN EXISTS (
            SELECT FROM classes c
            WHERE c.cover_id = u.id AND (
                $4
                OR (
                    c.state <> 'draft' AND c.unlisted_at IS NULL
                    AND EXISTS (SELECT FROM listed_mentors WHERE user_id = c.mentor_id)
                )
                OR EXISTS (
                    SELECT FROM class_registrations WHERE class_id = c.id AND user_id = $2 AND state <> 'ended'
                )
            )
        )
        WHEN 'post_image' THEN EXISTS (SELECT FROM board_pictures WHERE upload_id = u.id)
        WHEN 'badge' THEN EXISTS (SELECT FROM badges WHERE upload_id = u.id)
        WHEN 'certificate' THEN $3 AND EXISTS (SELECT FROM mentor_certificates WHERE upload_id = u.id)
        WHEN 'attachment' THEN u.sent_at IS NOT NULL AND EXISTS (
            SELECT FROM members m JOIN rooms r ON r.id = m.room_id
            WHERE m.room_id = u.room_id AND m.user_id = $2 AND (r.history = 'all' OR m.joined_at <= u.sent_at)
        )
    END)
"""

# Never confirmed in time: from now on they cannot be.
GIVE_UP: Final = """
    UPDATE uploads SET removed_at = now() WHERE confirmed_at IS NULL AND removed_at IS NULL AND created_at < $1
"""
# Confirmed long enough ago to be in use, if they ever are. Whoever puts one to use holds it meanwhile, and is passed over;
# whether it is in use is asked by the next statement, which sees what was done before it was locked.
DUE: Final = """
    SELECT id FROM uploads
    WHERE confirmed_at < $1 AND NOT settled AND removed_at IS NULL
    ORDER BY confirmed_at
    LIMIT $2
    FOR UPDATE SKIP LOCKED
"""
SETTLE: Final = """
    WITH due AS MATERIALIZED (SELECT id, upload_is_used(id) AS used FROM unnest($1::uuid[]) AS id)
    UPDATE uploads SET settled = used, removed_at = CASE WHEN NOT used THEN now() END
    FROM due
    WHERE uploads.id = due.id
"""
REMOVED: Final = "SELECT id::text AS id FROM uploads WHERE removed_at IS NOT NULL ORDER BY id LIMIT $1"
FORGET: Final = "DELETE FROM uploads WHERE id = ANY($1::uuid[]) AND removed_at IS NOT NULL"
