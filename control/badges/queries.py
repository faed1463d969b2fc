"""The SQL of badges. Times are parameters, so that the rules decide by one clock."""

from __future__ import annotations

from typing import Final

# --- awarding ---------------------------------------------------------------------------------------------------------

# Always in this order: two who award the same at once would else wait for each other.
AWARD: Final = """
    WITH awarded AS (
        INSERT INTO badge_awards (user_id, badge, awarded_at)
        SELECT earned.user_id, earned.badge, $3
        FROM unnest($1::uuid[], $2::text[]) AS earned(user_id, badge)
        ORDER BY earned.user_id, earned.badge
        ON CONFLICT DO NOTHING
        RETURNING user_id, badge
    )
    SELECT a.user_id::text AS user_id, b.key, b.ko_name, b.en_name
    FROM awarded a JOIN badges b ON b.key = a.badge
    ORDER BY a.user_id, b.position, b.key
"""
# A place is locked by who takes it, and passed over by the others.
TAKE_PLACES: Final = """
    UPDATE badge_places p SET taken = true
    FROM (
        SELECT free.badge, free.place
        FROM badges b
        CROSS JOIN LATERAL (
            SELECT f.badge, f.place FROM badge_places f
            WHERE f.badge = b.key AND NOT f.taken
            ORDER BY f.place
            LIMIT 1
            FOR UPDATE SKIP LOCKED
        ) free
        WHERE b.rule ->> 'kind' = 'first' AND b.retired_at IS NULL
    ) free
    WHERE p.badge = free.badge AND p.place = free.place
    RETURNING p.badge
"""

# --- judging ----------------------------------------------------------------------------------------------------------

# Those who are due, and whatever else waits for the same people: they are looked at as they are now. What another process
# has in hand is passed over.
TAKE_DUE: Final = """
    WITH due AS MATERIALIZED (
        SELECT user_id FROM badge_looks WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
    ), taken AS MATERIALIZED (
        SELECT l.id FROM (SELECT DISTINCT user_id FROM due) who
        JOIN badge_looks l ON l.user_id = who.user_id
        FOR UPDATE OF l SKIP LOCKED
    )
    DELETE FROM badge_looks l USING taken WHERE l.id = taken.id
    RETURNING l.user_id::text AS user_id, l.since
"""
LOOK_AGAIN: Final = """
    INSERT INTO badge_looks (user_id, since, due_at) SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[])
"""
TIME_RULES: Final = """
    SELECT key, rule::text AS rule FROM badges
    WHERE rule ->> 'kind' IN ('minutes', 'streak') AND retired_at IS NULL
    ORDER BY position, key
"""
PEOPLE: Final = """
    SELECT u.id::text AS id, u.timezone, ARRAY(SELECT a.badge FROM badge_awards a WHERE a.user_id = u.id) AS has
    FROM users u
    WHERE u.id = ANY($1::uuid[]) AND u.kind = 'person' AND u.deleted_at IS NULL
"""
# The stays of each of these people that have a moment after theirs of $2; none lasts longer than $3. One that goes on
# lasts to the last sign of life of the replica that sees it.
STAYS: Final = """
    SELECT who.user_id::text AS user_id, s.category, s.entered_at,
           coalesce(s.left_at, greatest(beat.at, s.entered_at)) AS left_at, s.left_at IS NULL AND beat.at IS NOT NULL AS lasts
    FROM unnest($1::uuid[], $2::timestamptz[]) AS who(user_id, since)
    CROSS JOIN LATERAL (
        SELECT category, entered_at, left_at, boot FROM stays
        WHERE user_id = who.user_id AND entered_at >= who.since - $3::interval
            AND (left_at IS NULL OR left_at > who.since)
        ORDER BY entered_at
    ) s
    LEFT JOIN replica_beats beat ON s.left_at IS NULL AND beat.boot = s.boot
"""

# --- who earned it before it was there --------------------------------------------------------------------------------

# Once whoever has taken a place since is done, so that they are seen, and until the transaction ends nobody takes another.
LOCK_PLACES: Final = "LOCK TABLE badge_places IN SHARE ROW EXCLUSIVE MODE"
TAKE_PLACES_FOR_EARLY: Final = """
    WITH free AS (
        SELECT place, row_number() OVER (ORDER BY place) AS n FROM badge_places WHERE badge = $1 AND NOT taken
    ), early AS (
        SELECT id, row_number() OVER (ORDER BY id) AS n
        FROM (
            SELECT u.id FROM users u
            WHERE u.kind = 'person' AND u.deleted_at IS NULL
                AND NOT EXISTS (SELECT FROM badge_awards a WHERE a.user_id = u.id AND a.badge = $1)
            ORDER BY u.id
            LIMIT (SELECT count(*) FROM free)
        ) first
    )
    UPDATE badge_places p SET taken = true
    FROM free JOIN early ON early.n = free.n
    WHERE p.badge = $1 AND p.place = free.place
    RETURNING early.id::text AS user_id
"""
BEGIN_ARREARS: Final = """
    INSERT INTO badge_arrears (badge, people)
    SELECT $1, count(*) FROM users WHERE kind = 'person' AND deleted_at IS NULL
    ON CONFLICT (badge) DO UPDATE SET after = DEFAULT, looked = 0, people = excluded.people
"""
TAKE_ARREARS: Final = """
    SELECT badge, after FROM badge_arrears ORDER BY badge LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
"""
MOVE_ARREARS: Final = "UPDATE badge_arrears SET after = $2, looked = looked + $3 WHERE badge = $1"
END_ARREARS: Final = "DELETE FROM badge_arrears WHERE badge = $1"
# The next people, and when each was in a room first, if ever.
NEXT_PEOPLE: Final = """
    SELECT u.id::text AS id, u.timezone, (SELECT min(s.entered_at) FROM stays s WHERE s.user_id = u.id) AS since
    FROM users u
    WHERE u.id > $1 AND u.kind = 'person' AND u.deleted_at IS NULL
    ORDER BY u.id
    LIMIT $2
"""

# --- the list, for admins ---------------------------------------------------------------------------------------------

LOCK_BADGES: Final = "LOCK TABLE badges IN SHARE ROW EXCLUSIVE MODE"
COUNT_BADGES: Final = "SELECT count(*) FROM badges"
BADGE: Final = "SELECT * FROM badge_cards WHERE key = $1"
SHARE_BADGE: Final = BADGE + " FOR SHARE"  # it is neither retired nor changed while it is granted
BADGES: Final = """
    SELECT b.*, (SELECT count(*) FROM badge_places p WHERE p.badge = b.key AND NOT p.taken) AS places_left,
           a.looked, a.people
    FROM badge_cards b
    LEFT JOIN badge_arrears a ON a.badge = b.key
    ORDER BY b.retired, b.position, b.key
"""
PUT: Final = """
    INSERT INTO badges (key, ko_name, ko_about, en_name, en_about, drawing, upload_id, position, rule)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (key) DO UPDATE
       SET ko_name = excluded.ko_name, ko_about = excluded.ko_about, en_name = excluded.en_name,
           en_about = excluded.en_about, drawing = excluded.drawing, upload_id = excluded.upload_id,
           position = excluded.position, rule = excluded.rule, retired_at = NULL
"""
RETIRE: Final = "UPDATE badges SET retired_at = $2 WHERE key = $1 AND retired_at IS NULL RETURNING true"
# Places that were taken stay, whatever the number is by now: so there are never more than it says.
ADD_PLACES: Final = """
    INSERT INTO badge_places (badge, place) SELECT $1, place FROM generate_series(1, $2::integer) AS place ON CONFLICT DO NOTHING
"""
# Another badge may have it, too.
DROP_PICTURE: Final = """
    UPDATE uploads SET removed_at = now()
    WHERE id = $1 AND removed_at IS NULL AND NOT EXISTS (SELECT FROM badges WHERE upload_id = $1 AND key <> $2)
"""
DROP_PLACES: Final = "DELETE FROM badge_places WHERE badge = $1 AND place > $2 AND NOT taken"

# --- granting ---------------------------------------------------------------------------------------------------------

IS_PERSON: Final = (
    "SELECT EXISTS (SELECT FROM users WHERE id = $1 AND kind = 'person' AND deleted_at IS NULL)"
)
GRANT: Final = """
    INSERT INTO badge_awards (user_id, badge, awarded_at, by, note) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING
    RETURNING true
"""
TAKE_BACK: Final = "DELETE FROM badge_awards WHERE user_id = $1 AND badge = $2 RETURNING true"
HOLDERS: Final = """
    SELECT a.user_id::text AS id, u.nickname, a.awarded_at, a.by::text AS by, b.nickname AS by_nickname, a.note
    FROM badge_awards a
    JOIN users u ON u.id = a.user_id
    LEFT JOIN users b ON b.id = a.by
    WHERE a.badge = $1 AND (a.awarded_at, a.user_id) < ($2, $3)
    ORDER BY a.awarded_at DESC, a.user_id DESC
    LIMIT $4
"""

# --- showing ----------------------------------------------------------------------------------------------------------

# Those that can be earned, and those that somebody has.
MINE: Final = """
    SELECT b.*, a.awarded_at, a.note, coalesce(u.badge = b.key, false) AS shown
    FROM badge_cards b
    JOIN users u ON u.id = $1
    LEFT JOIN badge_awards a ON a.user_id = u.id AND a.badge = b.key
    WHERE NOT b.retired OR a.user_id IS NOT NULL
    ORDER BY b.retired, b.position, b.key
"""
# No row at all means that there is no such person; a row of nulls, that they have none, or blocked the one who asks.
THEIRS: Final = """
    SELECT b.*, a.awarded_at, coalesce(u.badge = b.key, false) AS shown
    FROM users u
    LEFT JOIN (badge_awards a JOIN badge_cards b ON b.key = a.badge)
        ON a.user_id = u.id AND NOT EXISTS (
            SELECT FROM relations away WHERE away.user_id = u.id AND away.other_id = $2 AND away.kind = 'blocked'
        )
    WHERE u.id = $1 AND u.deleted_at IS NULL
    ORDER BY a.awarded_at DESC, b.position, b.key
"""
# Not taken back before this transaction ends.
HAS_BADGE: Final = "SELECT true FROM badge_awards WHERE user_id = $1 AND badge = $2 FOR KEY SHARE"
TIMEZONE: Final = "SELECT timezone FROM users WHERE id = $1"
