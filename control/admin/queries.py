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

# Of two who are admins and take that from one another, the second to ask is refused.
LOCK_ADMINS: Final = "SELECT pg_advisory_xact_lock($1)"

IS_ADMIN: Final = "SELECT EXISTS (SELECT FROM user_roles WHERE user_id = $1 AND role = 'admin')"

AN_ADMIN_IS_LEFT: Final = """
SELECT EXISTS (
    SELECT FROM user_roles r JOIN users u ON u.id = r.user_id
     WHERE r.role = 'admin' AND u.deleted_at IS NULL
       AND NOT EXISTS (SELECT FROM suspensions s WHERE s.user_id = u.id)
)
"""

LOCK_BY_EMAIL: Final = """
SELECT id::text AS id,
       deleted_at IS NOT NULL OR EXISTS (SELECT FROM suspensions s WHERE s.user_id = u.id) AS shut_out
  FROM users u
 WHERE email = $1
   FOR UPDATE OF u
"""

# --- people -----------------------------------------------------------------------------------------------------------

# Which people, by their ids: by the first of what is asked for that has an index, the rest sifts. Whoever is being
# erased is nobody any more.
NEWEST: Final = """
SELECT u.id FROM users u
 WHERE u.id < $1 AND u.kind = 'person' AND u.erasing_at IS NULL
   AND ($3::text IS NULL OR $3 = 'active' AND u.deleted_at IS NULL
        AND NOT EXISTS (SELECT FROM suspensions s WHERE s.user_id = u.id))
 ORDER BY u.id DESC
 LIMIT $2
"""
NEWEST_OF_ROLE: Final = """
SELECT u.id FROM user_roles r JOIN users u ON u.id = r.user_id
 WHERE r.role = $4 AND r.user_id < $1 AND u.erasing_at IS NULL
   AND ($3::text IS NULL OR $3 = 'active' AND u.deleted_at IS NULL
        AND NOT EXISTS (SELECT FROM suspensions s WHERE s.user_id = u.id))
 ORDER BY r.user_id DESC
 LIMIT $2
"""
NEWEST_SUSPENDED: Final = """
SELECT u.id FROM suspensions s JOIN users u ON u.id = s.user_id
 WHERE s.user_id < $1 AND u.kind = 'person' AND u.deleted_at IS NULL
   AND ($3::text IS NULL OR EXISTS (SELECT FROM user_roles r WHERE r.user_id = u.id AND r.role = $3))
 ORDER BY s.user_id DESC
 LIMIT $2
"""
NEWEST_DELETED: Final = """
SELECT u.id FROM users u
 WHERE u.id < $1 AND u.deleted_at IS NOT NULL AND u.erasing_at IS NULL AND u.kind = 'person'
   AND ($3::text IS NULL OR EXISTS (SELECT FROM user_roles r WHERE r.user_id = u.id AND r.role = $3))
 ORDER BY u.id DESC
 LIMIT $2
"""
# In the order of nicknames, as the unique index has them.
BY_NICKNAME: Final = """
SELECT u.id FROM users u
 WHERE lower(u.nickname COLLATE pg_c_utf8) > $1 COLLATE pg_c_utf8
   AND lower(u.nickname COLLATE pg_c_utf8) >= lower($3 COLLATE pg_c_utf8)
   AND lower(u.nickname COLLATE pg_c_utf8) < lower($3 COLLATE pg_c_utf8) || chr(1114111)
   AND u.kind = 'person' AND u.erasing_at IS NULL
   AND ($4::text IS NULL OR EXISTS (SELECT FROM user_roles r WHERE r.user_id = u.id AND r.role = $4))
   AND ($5::text IS NULL OR $5 = CASE
            WHEN u.deleted_at IS NOT NULL THEN 'deleted'
            WHEN EXISTS (SELECT FROM suspensions s WHERE s.user_id = u.id) THEN 'suspended'
            ELSE 'active' END)
 ORDER BY lower(u.nickname COLLATE pg_c_utf8)
 LIMIT $2
"""
# Whoever has this id, address or number; at most one.
EXACTLY: Final = """
SELECT u.id FROM users u
 WHERE (u.id = $1 OR u.email = $2 OR u.phone = $3) AND u.kind = 'person' AND u.erasing_at IS NULL
   AND ($4::text IS NULL OR EXISTS (SELECT FROM user_roles r WHERE r.user_id = u.id AND r.role = $4))
   AND ($5::text IS NULL OR $5 = CASE
            WHEN u.deleted_at IS NOT NULL THEN 'deleted'
            WHEN EXISTS (SELECT FROM suspensions s WHERE s.user_id = u.id) THEN 'suspended'
            ELSE 'active' END)
"""

PEOPLE: Final = """
SELECT u.id::text AS id, u.nickname, lower(u.nickname COLLATE pg_c_utf8) AS folded, u.name, u.email, u.phone,
       ARRAY(SELECT role FROM user_roles r WHERE r.user_id = u.id ORDER BY role) AS roles,
       CASE WHEN u.deleted_at IS NOT NULL THEN 'deleted' WHEN s.user_id IS NOT NULL THEN 'suspended' ELSE 'active' END
           AS standing,
       u.created_at
  FROM unnest($1::uuid[]) WITH ORDINALITY AS asked(id, place)
  JOIN users u ON u.id = asked.id
  LEFT JOIN suspensions s ON s.user_id = u.id
 ORDER BY asked.place
"""

PERSON: Final = """
SELECT u.id::text AS id, u.nickname, u.name, u.email, u.phone,
       ARRAY(SELECT role FROM user_roles r WHERE r.user_id = u.id ORDER BY role) AS roles,
       CASE WHEN u.deleted_at IS NOT NULL THEN 'deleted' WHEN s.user_id IS NOT NULL THEN 'suspended' ELSE 'active' END
           AS standing,
       u.created_at, s.since, s.reason, s.by::text AS by, u.deleted_at, seen.at AS last_seen_at,
       (SELECT count(*) FROM sessions WHERE user_id = u.id AND revoked_at IS NULL AND expires_at > $2) AS sessions,
       (SELECT count(*) FROM members WHERE user_id = u.id) AS rooms,
       (SELECT count(*) FROM bots WHERE owner_id = u.id AND retired_at IS NULL) AS bots,
       files.count AS files, files.bytes AS file_bytes,
       (SELECT count(*) FROM reports WHERE person = u.id) AS reports_about,
       (SELECT count(*) FROM reports WHERE reporter = u.id) AS reports_by
  FROM users u
  LEFT JOIN suspensions s ON s.user_id = u.id
  LEFT JOIN last_seen seen ON seen.user_id = u.id
 CROSS JOIN LATERAL (
     SELECT count(*) AS count, coalesce(sum(size), 0)::bigint AS bytes
       FROM uploads WHERE owner_id = u.id AND confirmed_at IS NOT NULL AND removed_at IS NULL
 ) files
 WHERE u.id = $1 AND u.kind = 'person' AND u.erasing_at IS NULL
"""

# --- counters ---------------------------------------------------------------------------------------------------------

# By the days from $1 to $2 in the timezone $3, which begin at $4 and end before $5. Posts are found by their ids, which are
# in the order of time give or take a transaction; so $6 and $7 lie a little outside.
COUNTERS: Final = """
WITH arrived AS (
    SELECT (created_at AT TIME ZONE $3)::date AS day, count(*) AS count
      FROM users WHERE kind = 'person' AND created_at >= $4 AND created_at < $5 GROUP BY 1
), approved AS (
    SELECT (granted_at AT TIME ZONE $3)::date AS day, count(*) AS count
      FROM user_roles WHERE role = 'mentor' AND granted_at >= $4 AND granted_at < $5 GROUP BY 1
), asked AS (
    SELECT (asked_at AT TIME ZONE $3)::date AS day, count(*) AS count
      FROM questions WHERE id >= $6 AND id < $7 AND asked_at >= $4 AND asked_at < $5 AND removed_at IS NULL GROUP BY 1
), answered AS (
    SELECT (answered_at AT TIME ZONE $3)::date AS day, count(*) AS count
      FROM answers WHERE id >= $6 AND id < $7 AND answered_at >= $4 AND answered_at < $5 AND removed_at IS NULL GROUP BY 1
), posted AS (
    SELECT (posted_at AT TIME ZONE $3)::date AS day, count(*) AS count
      FROM match_posts WHERE id >= $6 AND id < $7 AND posted_at >= $4 AND posted_at < $5 AND state <> 'cancelled' GROUP BY 1
), matched AS (
    SELECT (made_at AT TIME ZONE $3)::date AS day, count(*) AS count
      FROM matches WHERE id >= $6 AND id < $7 AND made_at >= $4 AND made_at < $5 GROUP BY 1
)
SELECT days.day::date AS day, coalesce(arrived.count, 0) AS users, coalesce(approved.count, 0) AS mentors,
       coalesce(asked.count, 0) AS questions, coalesce(answered.count, 0) AS answers,
       coalesce(posted.count, 0) AS posts, coalesce(matched.count, 0) AS matches
  FROM generate_series($1::date, $2::date, interval '1 day') AS days(day)
  LEFT JOIN arrived ON arrived.day = days.day::date
  LEFT JOIN approved ON approved.day = days.day::date
  LEFT JOIN asked ON asked.day = days.day::date
  LEFT JOIN answered ON answered.day = days.day::date
  LEFT JOIN posted ON posted.day = days.day::date
  LEFT JOIN matched ON matched.day = days.day::date
 ORDER BY days.day
"""

# --- the audit --------------------------------------------------------------------------------------------------------

RECORD: Final = """
INSERT INTO admin_audit (by, act, person, object, request, detail) VALUES ($1, $2, $3, $4, $5, $6)
"""

# One list and four statements, so that each filter has its index: the first that is given leads, others only sift.
_DEEDS: Final = """
SELECT a.id::text AS id, a.at, a.by::text AS by, b.nickname AS by_nickname, a.act, a.person::text AS person, p.nickname,
       p.kind = 'bot' AS bot, a.object, a.request, a.detail
  FROM admin_audit a
  JOIN users b ON b.id = a.by
  LEFT JOIN users p ON p.id = a.person
 WHERE a.id < $1 AND a.id >= $2"""
_PAGE: Final = """
 ORDER BY a.id DESC
 LIMIT $3
"""
AUDIT: Final = _DEEDS + _PAGE
AUDIT_ABOUT: Final = (
    _DEEDS
    + " AND a.person = $4 AND ($5::uuid IS NULL OR a.by = $5) AND ($6::text IS NULL OR a.act = $6)"
    + _PAGE
)
AUDIT_BY: Final = _DEEDS + " AND a.by = $4 AND ($5::text IS NULL OR a.act = $5)" + _PAGE
AUDIT_OF_ACT: Final = _DEEDS + " AND a.act = $4" + _PAGE
