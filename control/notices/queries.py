"""The SQL of notices. Times are parameters, so that the rules decide by one clock."""

from __future__ import annotations

from typing import Final

# Whoever changes notices waits for the others: so there are never too many pinned, and the news of them is in order.
LOCK: Final = "LOCK TABLE notices IN SHARE ROW EXCLUSIVE MODE"
COUNT_PINNED: Final = "SELECT count(*) FROM notices WHERE pinned"

LIST: Final = """
    SELECT id::text AS id, pinned, ko_title, ko_text, en_title, en_text, published_at, edited_at
    FROM notices
    WHERE (pinned, id) < ($1, $2)
    ORDER BY pinned DESC, notices.id DESC
    LIMIT $3
"""
ONE: Final = """
    SELECT id::text AS id, pinned, ko_title, ko_text, en_title, en_text, published_at, edited_at
    FROM notices
    WHERE id = $1
"""
ADD: Final = """
    INSERT INTO notices (pinned, ko_title, ko_text, en_title, en_text, by, published_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    RETURNING id::text
"""
CHANGE: Final = """
    UPDATE notices SET pinned = $2, ko_title = $3, ko_text = $4, en_title = $5, en_text = $6, edited_at = $7
    WHERE id = $1
"""
WITHDRAW: Final = "DELETE FROM notices WHERE id = $1"
