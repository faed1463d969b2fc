"""The SQL of bots. Times are parameters, so that the rules decide by one clock."""

from __future__ import annotations

from typing import Final

LOCK_OWNER: Final = "SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE"
COUNT_BOTS: Final = "SELECT count(*) FROM bots WHERE owner_id = $1 AND retired_at IS NULL"
ADD_USER: Final = """
    INSERT INTO users (kind, nickname, name, created_at) VALUES ('bot', $1, $1, $2) RETURNING id::text
"""
ADD_BOT: Final = "INSERT INTO bots (user_id, owner_id, about, created_at) VALUES ($1, $2, $3, $4)"

BOTS: Final = """
    SELECT b.user_id::text AS id, u.nickname, b.about, b.created_at
    FROM bots b JOIN users u ON u.id = b.user_id
    WHERE b.owner_id = $1 AND b.retired_at IS NULL
    ORDER BY b.user_id
"""
# Whoever changes a bot's tokens, or the bot, locks its row first.
LOCK_BOT: Final = "SELECT retired_at FROM bots WHERE user_id = $1 AND owner_id = $2 FOR NO KEY UPDATE"
RETIRE: Final = "UPDATE bots SET retired_at = $2 WHERE user_id = $1 AND retired_at IS NULL"
OWNED: Final = "SELECT FROM bots WHERE user_id = $1 AND owner_id = $2"
ROOMS_OF: Final = "SELECT room_id::text AS room FROM members WHERE user_id = $1 ORDER BY room_id"

# --- tokens -----------------------------------------------------------------------------------------------------------

COUNT_API_TOKENS: Final = "SELECT count(*) FROM bot_tokens WHERE bot_id = $1 AND revoked_at IS NULL"
ADD_API_KEY: Final = """
    INSERT INTO bot_tokens (bot_id, name, token_hash, scopes, created_at) VALUES ($1, $2, $3, $4, $5)
    RETURNING id::text
"""
API_TOKENS: Final = """
    SELECT id::text AS id, name, scopes, created_at, last_used_at
    FROM bot_tokens
    WHERE bot_id = $1 AND revoked_at IS NULL
    ORDER BY id
"""
REVOKE_API_TOKENS: Final = """
    UPDATE bot_tokens SET revoked_at = $3
    WHERE bot_id = $1 AND ($2::uuid IS NULL OR id = $2) AND revoked_at IS NULL
    RETURNING session_id
"""
END_SESSIONS: Final = """
    UPDATE sessions SET revoked_at = $2 WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL
    RETURNING id::text AS id, user_id::text AS user_id
"""

# --- exchange ---------------------------------------------------------------------------------------------------------

# The token's row is locked, so an exchange and a revocation take turns.
LOCK_BY_HASH: Final = """
    SELECT t.id::text AS id, t.name, t.scopes, t.session_id::text AS session, t.revoked_at,
           u.id::text AS bot, u.nickname, b.owner_id::text AS owner
    FROM bot_tokens t JOIN bots b ON b.user_id = t.bot_id JOIN users u ON u.id = t.bot_id
    WHERE t.token_hash = $1
    FOR NO KEY UPDATE OF t
"""
# Waits for a suspension of the owner that is under way, or another change of what they are, and lets none begin.
SHARE_OWNER: Final = "SELECT FROM users WHERE id = $1 FOR KEY SHARE"
NOTE_USE: Final = "UPDATE bot_tokens SET session_id = $2, last_used_at = $3 WHERE id = $1"
RENEW_SESSION: Final = """
    UPDATE sessions SET last_seen_at = $2, expires_at = $3, address = $4 WHERE id = $1 AND revoked_at IS NULL
    RETURNING id::text
"""
ADD_SESSION: Final = """
    INSERT INTO sessions (user_id, device, address, created_at, last_seen_at, expires_at)
    VALUES ($1, $2, $3, $4, $4, $5)
    RETURNING id::text
"""
