"""The SQL of random matching. Times are parameters, so that the rules decide by one clock."""

from __future__ import annotations

from typing import Final

# The line of a category. Whoever holds it is the only one who comes into it or takes somebody out of it to be paired; whoever
# stays in line keeps it to the end of his transaction, so that the next one sees him.
HOLD: Final = "SELECT pg_advisory_lock($1)"
LET_GO: Final = "SELECT pg_advisory_unlock($1)"
KEEP: Final = "SELECT pg_advisory_xact_lock($1), pg_advisory_unlock($1)"

# --- applying ---------------------------------------------------------------------------------------------------------

SENT_BEFORE: Final = "SELECT id::text FROM match_applications WHERE user_id = $1 AND client_id = $2"
# Nothing when he is in line already, or sent it before.
APPLY: Final = """
    INSERT INTO match_applications (user_id, client_id, category, places, manners, applied_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING
    RETURNING id::text AS id, user_id::text AS user_id, turn, category, places, manners, expires_at
"""
CANCEL: Final = """
    UPDATE match_applications SET state = 'cancelled', ended_at = $3
    WHERE id = $1 AND user_id = $2 AND state = 'waiting'
    RETURNING id::text AS id, user_id::text AS user_id, category, expires_at
"""
STATE: Final = "SELECT state FROM match_applications WHERE id = $1 AND user_id = $2"
ONE: Final = """
    SELECT a.id::text AS id, a.category, a.places, a.manners, a.applied_at, a.expires_at, a.state, a.agreed_places,
           a.agreed_manners, a.match_id::text AS match_id, m.room_id::text AS room_id
    FROM match_applications a
    LEFT JOIN matches m ON m.id = a.match_id
    WHERE a.id = $1
"""
# The newest one of each category.
MINE: Final = """
    SELECT a.id::text AS id, a.category, a.places, a.manners, a.applied_at, a.expires_at, a.state, a.agreed_places,
           a.agreed_manners, a.match_id::text AS match_id, m.room_id::text AS room_id
    FROM unnest($2::text[]) WITH ORDINALITY AS asked (category, n)
    CROSS JOIN LATERAL (
        SELECT * FROM match_applications WHERE user_id = $1 AND category = asked.category ORDER BY turn DESC LIMIT 1
    ) a
    LEFT JOIN matches m ON m.id = a.match_id
    ORDER BY asked.n
"""

# --- running out ------------------------------------------------------------------------------------------------------

LAPSE: Final = """
    UPDATE match_applications SET state = 'expired', ended_at = $3
    WHERE user_id = $1 AND category = $2 AND state = 'waiting' AND expires_at <= $3
    RETURNING id::text AS id, user_id::text AS user_id, category, expires_at
"""
LAPSE_SOME: Final = """
    WITH due AS (
        SELECT id FROM match_applications WHERE state = 'waiting' AND expires_at <= $1
        ORDER BY expires_at LIMIT $2
        FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE match_applications a SET state = 'expired', ended_at = $1
    FROM due WHERE a.id = due.id
    RETURNING a.id::text AS id, a.user_id::text AS user_id, a.category, a.expires_at
"""

# --- pairing ----------------------------------------------------------------------------------------------------------

# The first in line of all who fit somebody, for him alone until his transaction ends: of the heads of the lines of each place
# and manner, past those whom he may not meet, and who may not use this server now. Who is being paired already is passed over.
CLAIM: Final = """
    SELECT a.id::text AS id, a.user_id::text AS user_id, a.turn, a.places, a.manners
    FROM (
        SELECT DISTINCT head.turn, head.application_id
        FROM unnest($3::text[]) AS wished (place)
        CROSS JOIN unnest($4::text[]) AS liked (manner)
        CROSS JOIN LATERAL (
            SELECT w.application_id, w.turn
            FROM match_wishes w
            WHERE w.category = $2 AND w.place = wished.place AND w.manner = liked.manner
                AND w.user_id <> $1 AND w.expires_at > $5
                AND NOT EXISTS (SELECT FROM relations WHERE user_id = $1 AND other_id = w.user_id AND kind = 'blocked')
                AND NOT EXISTS (SELECT FROM relations WHERE user_id = w.user_id AND other_id = $1 AND kind = 'blocked')
                AND NOT EXISTS (SELECT FROM suspensions WHERE user_id IN ($1, w.user_id))
                AND NOT EXISTS (SELECT FROM users WHERE id IN ($1, w.user_id) AND deleted_at IS NOT NULL)
            ORDER BY w.turn
            LIMIT 16
        ) head
        ORDER BY head.turn
        LIMIT 16
    ) first
    JOIN match_applications a ON a.id = first.application_id
    WHERE a.state = 'waiting'
    ORDER BY first.turn
    LIMIT 1
    FOR NO KEY UPDATE OF a SKIP LOCKED
"""
# Asked once both people are held: what is seen of them is what stands.
MAY_MEET: Final = """
    SELECT NOT EXISTS (
            SELECT FROM relations
            WHERE kind = 'blocked' AND user_id IN ($1::uuid, $2::uuid) AND other_id IN ($1, $2)
        )
        AND NOT EXISTS (SELECT FROM suspensions WHERE user_id IN ($1, $2))
        AND NOT EXISTS (SELECT FROM users WHERE id IN ($1, $2) AND deleted_at IS NOT NULL)
"""
MATCHED: Final = """
    UPDATE match_applications
    SET state = 'matched', ended_at = $2, match_id = $3, agreed_places = $4, agreed_manners = $5
    WHERE id = ANY($1::uuid[])
"""
# Somebody who fits is in line, and was passed over: it is looked at again.
MARK: Final = """
    UPDATE match_applications a SET held = true
    WHERE a.id = $1 AND a.state = 'waiting' AND NOT a.held AND EXISTS (
        SELECT FROM unnest(a.places) AS wished (place)
        CROSS JOIN unnest(a.manners) AS liked (manner)
        JOIN match_wishes w ON w.category = a.category AND w.place = wished.place AND w.manner = liked.manner
        WHERE w.user_id <> a.user_id AND w.expires_at > $2
    )
"""
# Those among them that can be paired now.
FREED: Final = """
    SELECT a.id::text AS id, a.category
    FROM match_applications a
    WHERE a.state = 'waiting' AND a.held AND a.expires_at > $1
        AND EXISTS (
            SELECT FROM unnest(a.places) AS wished (place)
            CROSS JOIN unnest(a.manners) AS liked (manner)
            JOIN match_wishes w ON w.category = a.category AND w.place = wished.place AND w.manner = liked.manner
            WHERE w.user_id <> a.user_id AND w.expires_at > $1
                AND NOT EXISTS (SELECT FROM relations WHERE user_id = a.user_id AND other_id = w.user_id AND kind = 'blocked')
                AND NOT EXISTS (SELECT FROM relations WHERE user_id = w.user_id AND other_id = a.user_id AND kind = 'blocked')
                AND NOT EXISTS (SELECT FROM suspensions WHERE user_id IN (a.user_id, w.user_id))
                AND NOT EXISTS (SELECT FROM users WHERE id IN (a.user_id, w.user_id) AND deleted_at IS NOT NULL)
        )
    ORDER BY a.turn
    LIMIT $2
"""
# One that waits, and whom nobody is about to pair.
WAITING: Final = """
    SELECT id::text AS id, user_id::text AS user_id, turn, category, places, manners
    FROM match_applications
    WHERE id = $1 AND state = 'waiting'
    FOR NO KEY UPDATE SKIP LOCKED
"""
