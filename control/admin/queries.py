"""Administration's SQL."""

from __future__ import annotations

from typing import Final

# Whoever changes what somebody may do, or lets them in, takes this lock first. FOR UPDATE, so that a session that is
# being begun, which refers to the row, is either there to be ended or comes after.
LOCK: Final = "SELECT kind FROM users WHERE id = $1 FOR UPDATE"

BOTS: Final = "SELECT user_id::text AS id FROM bots WHERE owner_id = $1 AND retired_at IS NULL"

STANDING: Final = """
SELECT u.id, ARRAY(SELECT role FROM user_roles WHERE user_id = u.id ORDER BY role) AS roles, s.since, s.reason, s.by
  FROM users u
  LEFT JOIN suspensions s ON s.user_id = u.id
 WHERE u.id = $1
"""

TAKE_ROLES: Final = "DELETE FROM user_roles WHERE user_id = $1 AND role <> ALL($2::text[]) RETURNING role"

GIVE_ROLES: Final = """
INSERT INTO user_roles (user_id, role, granted_at)
SELECT $1, role, $3 FROM unnest($2::text[]) AS role
ON CONFLICT DO NOTHING
RETURNING role
"""

SUSPEND: Final = """
INSERT INTO suspensions (user_id, by, reason, since) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
RETURNING user_id
"""

REINSTATE: Final = "DELETE FROM suspensions WHERE user_id = $1 RETURNING user_id"
