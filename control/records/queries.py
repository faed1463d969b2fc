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

LOG: Final = """
    SELECT s.id::text AS id, s.room_id::text AS room, s.category, s.entered_at, s.left_at
    FROM stays s
    WHERE s.user_id = $1 AND (s.entered_at, s.id) < ($2, $3)
    ORDER BY s.entered_at DESC, s.id DESC
    LIMIT $4
"""
SWEEP: Final = """
    DELETE FROM stays WHERE id IN (SELECT id FROM stays WHERE entered_at < $1 ORDER BY entered_at LIMIT $2)
"""
