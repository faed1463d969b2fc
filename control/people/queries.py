"""The SQL of people and of what they keep of each other."""

from __future__ import annotations

from typing import Final

# --- profiles ---------------------------------------------------------------------------------------------------------

# Who blocked the one who asks looks like somebody who filled in nothing: that tells nothing, and shows nothing.
PEOPLE: Final = """
    SELECT u.id::text AS id, u.nickname, u.kind = 'bot' AS bot,
           CASE WHEN away.user_id IS NULL THEN u.avatar_id::text END AS avatar
    FROM users u
    LEFT JOIN relations away ON away.user_id = u.id AND away.other_id = $2 AND away.kind = 'blocked'
    WHERE u.id = ANY($1::uuid[]) AND u.deleted_at IS NULL
    ORDER BY u.id
"""
PROFILE: Final = """
    SELECT u.id::text AS id, u.nickname, u.kind = 'bot' AS bot, away.user_id IS NOT NULL AS away,
           u.status, u.avatar_id::text AS avatar, u.wallpaper_id::text AS wallpaper, u.interests,
           activity_score(u.id) AS activity,
           ARRAY(SELECT kind FROM relations mine WHERE mine.user_id = $2 AND mine.other_id = u.id ORDER BY kind) AS relations,
           b.*
    FROM users u
    LEFT JOIN relations away ON away.user_id = u.id AND away.other_id = $2 AND away.kind = 'blocked'
    LEFT JOIN badge_cards b ON b.key = u.badge
    WHERE u.id = $1 AND u.deleted_at IS NULL
"""
LOCK_PROFILE: Final = """
    SELECT nickname, status, avatar_id::text AS avatar, wallpaper_id::text AS wallpaper, interests, badge
    FROM users
    WHERE id = $1
    FOR NO KEY UPDATE
"""
SET_PROFILE: Final = """
    UPDATE users SET nickname = $2, status = $3, avatar_id = $4, wallpaper_id = $5, interests = $6, badge = $7
    WHERE id = $1
"""

# --- pictures ---------------------------------------------------------------------------------------------------------

# A picture of one's own, confirmed, that was asked for as that; until the transaction ends nobody removes it.
HAS_PICTURE: Final = """
    SELECT true FROM uploads
    WHERE id = $1 AND owner_id = $2 AND purpose = $3 AND confirmed_at IS NOT NULL AND removed_at IS NULL
    FOR SHARE
"""
# Nobody reads it from now on, and the sweep of uploads takes it out of the store.
DROP_PICTURES: Final = (
    "UPDATE uploads SET removed_at = now() WHERE id = ANY($1::uuid[]) AND removed_at IS NULL"
)
SHOW_AVATAR: Final = """
    INSERT INTO avatars (upload_id, user_id, since) VALUES ($1, $2, $3)
    ON CONFLICT (upload_id) DO UPDATE SET since = excluded.since
"""
TRIM_AVATARS: Final = """
    DELETE FROM avatars
    WHERE upload_id IN (
        SELECT upload_id FROM avatars WHERE user_id = $1 ORDER BY since DESC, upload_id DESC OFFSET $2
    )
    RETURNING upload_id
"""
FORGET_AVATAR: Final = "DELETE FROM avatars WHERE user_id = $1 AND upload_id = $2 RETURNING true"
TAKE_OFF_AVATAR: Final = "UPDATE users SET avatar_id = NULL WHERE id = $1 AND avatar_id = $2 RETURNING true"
# No row at all means that there is no such person; a row of nulls, that the page is empty.
AVATARS: Final = """
    SELECT page.upload_id::text AS id, page.since
    FROM users u
    LEFT JOIN LATERAL (
        SELECT upload_id, since FROM avatars
        WHERE user_id = u.id AND (since, upload_id) < ($3, $4)
            AND NOT EXISTS (
                SELECT FROM relations away
                WHERE away.user_id = u.id AND away.other_id = $2 AND away.kind = 'blocked'
            )
        ORDER BY since DESC, upload_id DESC
        LIMIT $5
    ) page ON true
    WHERE u.id = $1 AND u.deleted_at IS NULL
    ORDER BY page.since DESC, page.upload_id DESC
"""

# --- finding ----------------------------------------------------------------------------------------------------------

# Three statements for one question, each by its unique index. Who cannot be found is not there: whether he does not want
# to be, blocked the one who asks, or never came.
_FIND: Final = """
    SELECT u.id::text AS id, u.nickname, u.kind = 'bot' AS bot, u.avatar_id::text AS avatar
    FROM users u
    WHERE """
_FOUND_BY: Final = """ = ANY(u.found_by) AND u.deleted_at IS NULL
        AND NOT EXISTS (
            SELECT FROM relations away WHERE away.user_id = u.id AND away.other_id = $2 AND away.kind = 'blocked'
        )
"""
FIND_BY_NICKNAME: Final = (
    _FIND + "lower(u.nickname COLLATE pg_c_utf8) = lower($1 COLLATE pg_c_utf8) AND 'nickname'" + _FOUND_BY
)
FIND_BY_EMAIL: Final = _FIND + "u.email = $1 AND 'email'" + _FOUND_BY
FIND_BY_PHONE: Final = _FIND + "u.phone = $1 AND 'phone'" + _FOUND_BY

# --- relations --------------------------------------------------------------------------------------------------------

# Whose relations change is locked first: that keeps their number true, and puts the news of them in order. Whoever opens
# a direct room locks both people for sharing, so that no block goes unseen.
LOCK_PERSON: Final = "SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE"
SHARE_PEOPLE: Final = "SELECT id FROM users WHERE id = ANY($1::uuid[]) ORDER BY id FOR SHARE"
EXISTS: Final = "SELECT EXISTS (SELECT 1 FROM users WHERE id = $1 AND deleted_at IS NULL)"
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
_RELATED: Final = """
    SELECT r.other_id::text AS id, u.nickname, u.kind = 'bot' AS bot, r.since,
           CASE WHEN gone.user_id IS NULL THEN u.avatar_id::text END AS avatar,
           CASE WHEN gone.user_id IS NULL THEN u.status ELSE '' END AS status,
           EXISTS (
               SELECT 1 FROM relations f
               WHERE f.user_id = r.user_id AND f.other_id = r.other_id AND f.kind = 'favourite'
           ) AS favourite
    FROM relations r
    JOIN users u ON u.id = r.other_id
    LEFT JOIN relations gone ON gone.user_id = r.other_id AND gone.other_id = r.user_id AND gone.kind = 'blocked'
    WHERE r.user_id = $1 AND r.kind = $2 AND (r.since, r.other_id) < ($3, $4) AND u.deleted_at IS NULL"""
_NOT_PUT_AWAY: Final = """
        AND NOT EXISTS (
            SELECT 1 FROM relations away
            WHERE away.user_id = r.user_id AND away.other_id = r.other_id AND away.kind IN ('hidden', 'blocked')
        )"""
_PAGE: Final = """
    ORDER BY r.since DESC, r.other_id DESC
    LIMIT $5
"""
FRIENDS: Final = _RELATED + _NOT_PUT_AWAY + _PAGE
PUT_AWAY: Final = _RELATED + _PAGE
