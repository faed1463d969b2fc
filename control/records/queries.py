"""The SQL of records."""

from __future__ import annotations

from typing import Final

# Stays that have a moment in [$2, $3). None lasts longer than $4, so the index is read from there on. One that goes on
# lasts to the last sign of life of the replica that sees it.
STAYS: Final = """
    SELECT s.category, s.entered_at, coalesce(s.left_at, greatest(beat.at, s.entered_at)) AS left_at
    FROM stays s LEFT JOIN replica_beats beat ON s.left_at IS NULL AND beat.boot = s.boot
    WHERE s.user_id = $1 AND s.entered_at >= $2::timestamptz - $4::interval AND s.entered_at < $3
      AND (s.left_at IS NULL OR s.left_at > $2)
"""
TIMEZONE: Final = "SELECT timezone FROM users WHERE id = $1"

# A room is called by its name as long as the person is in it: afterwards it may have become another one that is not theirs to
# know. The page is cut before anything is joined.
LOG: Final = """
    SELECT s.id::text AS id, s.room_id::text AS room, s.category, s.entered_at, s.left_at,
           coalesce(other.nickname, r.title) AS title
    FROM (
        SELECT id, room_id, category, entered_at, left_at FROM stays
        WHERE user_id = $1 AND (entered_at, id) < ($2, $3)
        ORDER BY entered_at DESC, id DESC
        LIMIT $4
    ) s
    LEFT JOIN members m ON m.room_id = s.room_id AND m.user_id = $1
    LEFT JOIN rooms r ON r.id = m.room_id AND r.archived_at IS NULL
    LEFT JOIN users other
        ON r.kind = 'direct' AND other.id = CASE WHEN r.pair_low = $1 THEN r.pair_high ELSE r.pair_low END
    ORDER BY s.entered_at DESC, s.id DESC
"""
SWEEP: Final = """
    DELETE FROM stays WHERE id IN (SELECT id FROM stays WHERE entered_at < $1 ORDER BY entered_at LIMIT $2)
"""
