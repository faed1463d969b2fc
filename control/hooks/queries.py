"""The SQL of webhooks. Times are parameters, so that the rules decide by one clock."""

from __future__ import annotations

from typing import Final

COUNT: Final = "SELECT count(*) FROM hooks WHERE room_id = $1 AND revoked_at IS NULL"
ADD: Final = """
    INSERT INTO hooks (room_id, name, secret_hash, created_by, created_at) VALUES ($1, $2, $3, $4, $5)
    RETURNING id::text
"""
HOOKS: Final = """
    SELECT id::text AS id, name, created_by::text AS created_by, created_at, last_used_at
    FROM hooks
    WHERE room_id = $1 AND revoked_at IS NULL
    ORDER BY id
"""
HOOK: Final = "SELECT name, revoked_at FROM hooks WHERE id = $1 AND room_id = $2"
REVOKE: Final = "UPDATE hooks SET revoked_at = $2 WHERE id = $1"

KEYHOLE: Final = """
    SELECT h.secret_hash, h.revoked_at IS NOT NULL OR r.archived_at IS NOT NULL AS is_revoked
    FROM hooks h JOIN rooms r ON r.id = h.room_id
    WHERE h.id = $1
"""
# Until it commits, nobody can revoke the webhook under a post that is on its way.
USE: Final = """
    UPDATE hooks SET last_used_at = $2 WHERE id = $1 AND revoked_at IS NULL
    RETURNING room_id::text AS room, name
"""
REMEMBER: Final = """
    INSERT INTO hook_posts (hook_id, key, body_hash, post_id, posted_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (hook_id, key) DO NOTHING
    RETURNING post_id
"""
REMEMBERED: Final = "SELECT post_id::text AS id, body_hash FROM hook_posts WHERE hook_id = $1 AND key = $2"
