"""The SQL of common data."""

from __future__ import annotations

from typing import Final

CATEGORIES: Final = """
    SELECT key, ko, en, position, retired_at IS NOT NULL AS retired
    FROM categories
    ORDER BY retired_at IS NOT NULL, position, key
"""
# Put in again, a retired one is offered again.
PUT_CATEGORY: Final = """
    INSERT INTO categories (key, ko, en, position) VALUES ($1, $2, $3, $4)
    ON CONFLICT (key) DO UPDATE
       SET ko = excluded.ko, en = excluded.en, position = excluded.position, retired_at = NULL
     WHERE (categories.ko, categories.en, categories.position) <> (excluded.ko, excluded.en, excluded.position)
        OR categories.retired_at IS NOT NULL
    RETURNING true
"""
COUNT_CATEGORIES: Final = "SELECT count(*) FROM categories"
LOCK_CATEGORIES: Final = "LOCK TABLE categories IN SHARE ROW EXCLUSIVE MODE"
HAS_CATEGORY: Final = "SELECT EXISTS (SELECT FROM categories WHERE key = $1)"
RETIRE_CATEGORY: Final = """
    UPDATE categories SET retired_at = now() WHERE key = $1 AND retired_at IS NULL RETURNING true
"""
