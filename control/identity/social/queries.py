"""The SQL of social log-in."""

from __future__ import annotations

from typing import Final

ADD_ATTEMPT: Final = """
    INSERT INTO social_attempts (state_hash, holder_hash, provider, verifier, link_to, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6)
"""
# Once, and only by who holds it: another's try does not use it up. With the password of whom it is to be linked to.
TAKE_ATTEMPT: Final = """
    WITH taken AS (
        DELETE FROM social_attempts WHERE state_hash = $1 AND holder_hash = $2 AND expires_at > $3
        RETURNING provider, verifier, link_to
    )
    SELECT provider, verifier, link_to::text AS link_to, password_hash FROM taken LEFT JOIN users ON users.id = link_to
"""
OWNER: Final = "SELECT user_id::text FROM identities WHERE provider = $1 AND subject = $2"
LINK: Final = """
    INSERT INTO identities (provider, subject, user_id, linked_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING
    RETURNING 1
"""
ADD_PROOF: Final = """
    INSERT INTO social_proofs (proof_hash, provider, subject, expires_at) VALUES ($1, $2, $3, $4)
"""
TAKE_PROOF: Final = """
    DELETE FROM social_proofs WHERE proof_hash = $1 AND expires_at > $2 RETURNING provider, subject
"""

LINKED: Final = "SELECT provider, linked_at FROM identities WHERE user_id = $1 ORDER BY provider"
UNLINK: Final = "DELETE FROM identities WHERE user_id = $1 AND provider = $2 RETURNING provider"
