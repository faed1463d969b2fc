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

# --- the audit --------------------------------------------------------------------------------------------------------

RECORD: Final = """
INSERT INTO admin_audit (by, act, person, object, request, detail) VALUES ($1, $2, $3, $4, $5, $6)
"""

# One list and four statements, so that each filter has its index: the first that is given leads, others only sift.
AUDIT: Final = """
SELECT a.id::text AS id, a.at, a.by::text AS by, b.nickname AS by_nickname, a.act, a.person::text AS person, p.nickname,
       a.object, a.request, a.detail
  FROM admin_audit a
  JOIN users b ON b.id = a.by
  LEFT JOIN users p ON p.id = a.person
 WHERE a.id < $1 AND a.id >= $2
 ORDER BY a.id DESC
 LIMIT $3
"""
AUDIT_ABOUT: Final = """
SELECT a.id::text AS id, a.at, a.by::text AS by, b.nickname AS by_nickname, a.act, a.person::text AS person, p.nickname,
       a.object, a.request, a.detail
  FROM admin_audit a
  JOIN users b ON b.id = a.by
  LEFT JOIN users p ON p.id = a.person
 WHERE a.id < $1 AND a.id >= $2
   AND a.person = $4 AND ($5::uuid IS NULL OR a.by = $5) AND ($6::text IS NULL OR a.act = $6)
 ORDER BY a.id DESC
 LIMIT $3
"""
AUDIT_BY: Final = """
SELECT a.id::text AS id, a.at, a.by::text AS by, b.nickname AS by_nickname, a.act, a.person::text AS person, p.nickname,
       a.object, a.request, a.detail
  FROM admin_audit a
  JOIN users b ON b.id = a.by
  LEFT JOIN users p ON p.id = a.person
 WHERE a.id < $1 AND a.id >= $2 AND a.by = $4 AND ($5::text IS NULL OR a.act = $5)
 ORDER BY a.id DESC
 LIMIT $3
"""
AUDIT_OF_ACT: Final = """
SELECT a.id::text AS id, a.at, a.by::text AS by, b.nickname AS by_nickname, a.act, a.person::text AS person, p.nickname,
       a.object, a.request, a.detail
  FROM admin_audit a
  JOIN users b ON b.id = a.by
  LEFT JOIN users p ON p.id = a.person
 WHERE a.id < $1 AND a.id >= $2 AND a.act = $4
 ORDER BY a.id DESC
 LIMIT $3
"""
