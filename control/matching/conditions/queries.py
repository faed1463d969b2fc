"""The SQL of conditions."""

from __future__ import annotations

from typing import Final

CONDITIONS: Final = """
    SELECT list, key, ko, en, position, retired_at IS NOT NULL AS retired
    FROM conditions
    ORDER BY retired_at IS NOT NULL, position, key
"""
# Put in again, a retired one is offered again.
PUT: Final = """
    INSERT INTO conditions (list, key, ko, en, position) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (list, key) DO UPDATE
       SET ko = excluded.ko, en = excluded.en, position = excluded.position, retired_at = NULL
     WHERE (conditions.ko, conditions.en, conditions.position) <> (excluded.ko, excluded.en, excluded.position)
        OR conditions.retired_at IS NOT NULL
    RETURNING true
"""
COUNT: Final = "SELECT count(*) FROM conditions WHERE list = $1"
LOCK: Final = "LOCK TABLE conditions IN SHARE ROW EXCLUSIVE MODE"
HAS: Final = "SELECT EXISTS (SELECT FROM conditions WHERE list = $1 AND key = $2)"
RETIRE: Final = """
    UPDATE conditions SET retired_at = now() WHERE list = $1 AND key = $2 AND retired_at IS NULL RETURNING true
"""
