"""Identity's SQL. Times are parameters, so that the rules decide by one clock."""

from __future__ import annotations

from typing import Final

# --- codes and proofs -----------------------------------------------------------------------------------------------

CODE_SENT_AT: Final = "SELECT sent_at FROM contact_codes WHERE contact = $1"

PUT_CODE: Final = """
INSERT INTO contact_codes (contact, code_hash, tries_left, sent_at, expires_at)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (contact) DO UPDATE
   SET code_hash = excluded.code_hash, tries_left = excluded.tries_left,
       sent_at = excluded.sent_at, expires_at = excluded.expires_at
 WHERE contact_codes.sent_at <= $6
RETURNING contact
"""

WITHDRAW_CODE: Final = "DELETE FROM contact_codes WHERE contact = $1 AND code_hash = $2"

TRY_CODE: Final = """
UPDATE contact_codes SET tries_left = tries_left - 1
 WHERE contact = $1 AND expires_at > $2 AND tries_left > 0
RETURNING code_hash
"""

CODE_IS_EXHAUSTED: Final = """
SELECT EXISTS (SELECT FROM contact_codes WHERE contact = $1 AND expires_at > $2 AND tries_left = 0)
"""

DROP_CODE: Final = "DELETE FROM contact_codes WHERE contact = $1"

PUT_PROOF: Final = "INSERT INTO contact_proofs (proof_hash, contact, expires_at) VALUES ($1, $2, $3)"

HAS_PROOF: Final = "SELECT EXISTS (SELECT FROM contact_proofs WHERE proof_hash = $1 AND expires_at > $2)"

TAKE_PROOF: Final = "DELETE FROM contact_proofs WHERE proof_hash = $1 AND expires_at > $2 RETURNING contact"

# --- accounts ---------------------------------------------------------------------------------------------------------

ADD_USER: Final = """
INSERT INTO users (email, nickname, name, phone, password_hash, gender, interests, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id
"""

ADD_ROLE: Final = "INSERT INTO user_roles (user_id, role, granted_at) VALUES ($1, $2, $3)"

ACCOUNT: Final = """
SELECT u.id, u.email, u.nickname, u.name, u.phone, u.gender, u.interests, u.created_at, u.presence, u.found_by,
       u.timezone, u.password_hash IS NOT NULL AS has_password,
       ARRAY(SELECT role FROM user_roles WHERE user_id = u.id ORDER BY role) AS roles
  FROM users u
 WHERE u.id = $1
"""

LOCK_SETTINGS: Final = "SELECT name, gender, found_by, timezone FROM users WHERE id = $1 FOR NO KEY UPDATE"

SET_SETTINGS: Final = "UPDATE users SET name = $2, gender = $3, found_by = $4, timezone = $5 WHERE id = $1"

SET_PRESENCE: Final = "UPDATE users SET presence = $2 WHERE id = $1 AND presence <> $2 RETURNING id"

CREDENTIALS: Final = "SELECT id, password_hash FROM users WHERE email = $1"

SHUT_OUT: Final = """
SELECT u.deleted_at IS NOT NULL AS deleted, EXISTS (SELECT FROM suspensions s WHERE s.user_id = u.id) AS suspended
  FROM users u
 WHERE u.id = $1
"""

ROLES: Final = "SELECT role FROM user_roles WHERE user_id = $1 ORDER BY role"

# The account that this contact belongs to, locked until its password is another.
LOCK_BY_CONTACT: Final = (
    "SELECT id, email, nickname, name FROM users"
    " WHERE (phone = $1 OR email = $1) AND deleted_at IS NULL FOR NO KEY UPDATE"
)

# An account, locked until its owner has changed it.
LOCK_ACCOUNT: Final = """
SELECT email, phone, nickname, name, password_hash FROM users WHERE id = $1 AND kind = 'person' FOR NO KEY UPDATE
"""

PASSWORD_HASH: Final = "SELECT password_hash FROM users WHERE id = $1"  # noqa: S105 - a statement

SET_EMAIL: Final = "UPDATE users SET email = $2 WHERE id = $1"

SET_PHONE: Final = "UPDATE users SET phone = $2 WHERE id = $1"

# Whoever began to link an identity by the password of before does not finish it.
SET_PASSWORD: Final = """
WITH over AS (DELETE FROM social_attempts WHERE link_to = $1)
UPDATE users SET password_hash = $2 WHERE id = $1
"""  # noqa: S105 - a statement

# --- sessions ---------------------------------------------------------------------------------------------------------

ADD_SESSION: Final = """
INSERT INTO sessions (user_id, device, address, created_at, last_seen_at, expires_at)
VALUES ($1, $2, $3, $4, $4, $5)
RETURNING id
"""

LIVE_SESSION: Final = """
SELECT last_seen_at, ARRAY(SELECT role FROM user_roles WHERE user_id = $2 ORDER BY role) AS roles
  FROM sessions
 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL
"""

SEEN: Final = "UPDATE sessions SET last_seen_at = $2, address = $3 WHERE id = $1 AND revoked_at IS NULL"

SESSIONS: Final = """
SELECT id, device, address, created_at, last_seen_at
  FROM sessions
 WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
 ORDER BY last_seen_at DESC
 LIMIT 100
"""

REVOKE_ONE: Final = """
UPDATE sessions SET revoked_at = $3
 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL
RETURNING id, user_id
"""

REVOKE_ALL: Final = """
UPDATE sessions SET revoked_at = $2
 WHERE user_id = $1 AND revoked_at IS NULL
RETURNING id, user_id
"""

REVOKE_OTHERS: Final = """
UPDATE sessions SET revoked_at = $3
 WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL
RETURNING id, user_id
"""

REVOKE_BY_REFRESH: Final = """
UPDATE sessions SET revoked_at = $2
 WHERE id = (SELECT session_id FROM refresh_tokens WHERE token_hash = $1) AND revoked_at IS NULL
RETURNING id, user_id
"""

ADD_REFRESH: Final = "INSERT INTO refresh_tokens (token_hash, session_id, expires_at) VALUES ($1, $2, $3)"

LOCK_REFRESH: Final = """
SELECT t.expires_at, t.used_at, t.successor_salt, s.id AS session, s.user_id, s.revoked_at
  FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
 WHERE t.token_hash = $1
   FOR UPDATE OF t, s
"""

# It keeps what its successor is made of; the one before it no longer does.
USE_REFRESH: Final = """
UPDATE refresh_tokens
   SET used_at = coalesce(used_at, $2), successor_salt = CASE WHEN token_hash = $1 THEN $3::bytea END
 WHERE session_id = $4 AND (token_hash = $1 OR successor_salt IS NOT NULL)
"""

RENEW_SESSION: Final = """
UPDATE sessions SET last_seen_at = $2, expires_at = $3, address = $4 WHERE id = $1
"""

LIVE_REFRESH: Final = """
SELECT token_hash, expires_at
  FROM refresh_tokens
 WHERE session_id = ANY($1) AND used_at IS NULL AND expires_at > $2
"""

# --- signing keys -----------------------------------------------------------------------------------------------------

LOCK_KEYS: Final = "LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE"

KEYS: Final = """
SELECT kid, public_jwk, private_sealed, activated_at, retired_at
  FROM signing_keys
 WHERE retired_at IS NULL OR retired_at > $1
 ORDER BY created_at
"""

ADD_KEY: Final = """
INSERT INTO signing_keys (kid, public_jwk, private_sealed, created_at, activated_at)
VALUES ($1, $2, $3, $4, $5)
"""

RETIRE_KEY: Final = """
UPDATE signing_keys SET retired_at = $1 WHERE activated_at IS NOT NULL AND retired_at IS NULL
"""

ACTIVATE_KEY: Final = "UPDATE signing_keys SET activated_at = $2 WHERE kid = $1"

DROP_KEY: Final = "DELETE FROM signing_keys WHERE kid = $1"

FORGET_KEYS: Final = "DELETE FROM signing_keys WHERE retired_at <= $1"

# --- upkeep -----------------------------------------------------------------------------------------------------------

SWEEP: Final = (
    "DELETE FROM contact_codes WHERE expires_at < $1",
    "DELETE FROM contact_proofs WHERE expires_at < $1",
    "DELETE FROM social_attempts WHERE expires_at < $1",
    "DELETE FROM social_proofs WHERE expires_at < $1",
    "DELETE FROM sessions WHERE expires_at < $1",
    "DELETE FROM hook_posts WHERE posted_at < $1",
    "DELETE FROM outbox WHERE published_at < $1",
    "DELETE FROM room_bans WHERE until < $1",
    "DELETE FROM room_invitations WHERE expires_at < $1",
    "DELETE FROM room_links WHERE expires_at < $1",
)
