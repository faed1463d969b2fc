"""The SQL of random matching. Times are parameters, so that the rules decide by one clock."""

from __future__ import annotations

from typing import Final

# One at a time comes into the line of a category or is paired there: what two that come at once would both not see, the
# second one sees.
LOCK: Final = "SELECT pg_advisory_xact_lock($1)"

# --- applying ---------------------------------------------------------------------------------------------------------

SENT_BEFORE: Final = "SELECT id::text FROM match_applications WHERE user_id = $1 AND client_id = $2"
IS_IN_LINE: Final = """
    SELECT EXISTS (SELECT FROM match_applications WHERE user_id = $1 AND category = $2 AND state = 'waiting')
"""
APPLY: Final = """
    INSERT INTO match_applications (user_id, client_id, category, places, manners, applied_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    RETURNING id::text AS id, user_id::text AS user_id, category, places, manners, expires_at
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

# The first in line of all who fit somebody: the first of the lines of each place and manner, past those whom he may not
# meet, and who may not use this server now.
FIRST: Final = """
    SELECT first.application_id::text AS id, first.user_id::text AS user_id
    FROM unnest($3::text[]) AS wished (place)
    CROSS JOIN unnest($4::text[]) AS liked (manner)
    CROSS JOIN LATERAL (
        SELECT w.application_id, w.user_id, w.turn
        FROM match_wishes w
        WHERE w.category = $2 AND w.place = wished.place AND w.manner = liked.manner
            AND w.user_id <> $1 AND w.expires_at > $5
            AND NOT EXISTS (SELECT FROM relations WHERE user_id = $1 AND other_id = w.user_id AND kind = 'blocked')
            AND NOT EXISTS (SELECT FROM relations WHERE user_id = w.user_id AND other_id = $1 AND kind = 'blocked')
            AND NOT EXISTS (SELECT FROM suspensions WHERE user_id = w.user_id)
            AND NOT EXISTS (SELECT FROM users WHERE id = w.user_id AND deleted_at IS NOT NULL)
        ORDER BY w.turn
        LIMIT 1
    ) first
    ORDER BY first.turn
    LIMIT 1
"""
# Those of two applications that may be paired now, kept as they are until the transaction ends, in the order of their
# turns. The people are held already, so what is seen of them is what stands.
HOLD_PAIR: Final = """
    SELECT a.id::text AS id, a.user_id::text AS user_id, a.places, a.manners
    FROM match_applications a
    WHERE a.id = ANY($1::uuid[]) AND a.state = 'waiting' AND a.expires_at > $2
        AND NOT EXISTS (
            SELECT FROM relations r JOIN match_applications b ON b.user_id = r.other_id
            WHERE r.user_id = a.user_id AND r.kind = 'blocked' AND b.id = ANY($1::uuid[])
        )
        AND NOT EXISTS (SELECT FROM suspensions WHERE user_id = a.user_id)
        AND NOT EXISTS (SELECT FROM users WHERE id = a.user_id AND deleted_at IS NOT NULL)
    ORDER BY a.turn
    FOR NO KEY UPDATE OF a
"""
MATCHED: Final = """
    UPDATE match_applications
    SET state = 'matched', ended_at = $2, match_id = $3, agreed_places = $4, agreed_manners = $5
    WHERE id = ANY($1::uuid[])
"""
# Somebody who fits is in line, so one of the two may not meet the other now: it is looked at again.
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
WAITING: Final = """
    SELECT id::text AS id, user_id::text AS user_id, category, places, manners
    FROM match_applications
    WHERE id = $1 AND state = 'waiting'
"""
