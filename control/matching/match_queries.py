"""The SQL of matches, however they came about."""

from __future__ import annotations

from typing import Final

ADD_ROOM: Final = """
    INSERT INTO rooms (kind, title, capacity, visibility, history) VALUES ('match', $1, $2, 'private', 'all')
    RETURNING id::text
"""
ADD: Final = """
    INSERT INTO matches (category, origin, title, room_id, meets_at, made_at) VALUES ($1, $2, $3, $4, $5, $6)
    RETURNING id::text
"""
ADD_PEOPLE: Final = "INSERT INTO match_people (match_id, user_id) SELECT $1, unnest($2::uuid[])"
