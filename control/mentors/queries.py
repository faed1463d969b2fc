"""The SQL of mentors. Each list is one statement that an index serves; tests look at the plans."""

from __future__ import annotations

from typing import Final

# --- applications -----------------------------------------------------------------------------------------------------

# Whoever applies, or is decided upon, is locked first: so nobody has two applications, nor one beside the role.
IS_MENTOR: Final = """
    SELECT EXISTS (SELECT FROM mentors WHERE user_id = $1)
        AND EXISTS (SELECT FROM user_roles WHERE user_id = $1 AND role = 'mentor')
"""
IS_PENDING: Final = "SELECT EXISTS (SELECT FROM mentor_applications WHERE user_id = $1 AND state = 'pending')"
APPLY: Final = """
    INSERT INTO mentor_applications (user_id, company, department, introduction, hours, categories)
    VALUES ($1, $2, $3, $4, $5, $6)
    RETURNING id::text
"""
# Files of one's own, confirmed, that were asked for as certificates; until the transaction ends nobody removes them.
CERTIFICATES: Final = """
    SELECT id::text AS id FROM uploads
    WHERE id = ANY($2::uuid[]) AND owner_id = $1 AND purpose = 'certificate'
        AND confirmed_at IS NOT NULL AND removed_at IS NULL
    FOR SHARE
"""
ADD_CERTIFICATES: Final = """
    INSERT INTO mentor_certificates (application_id, upload_id) SELECT $1, upload FROM unnest($2::uuid[]) AS upload
"""

_APPLICATION: Final = """
    SELECT a.id::text AS id, a.user_id::text AS person, u.nickname, u.avatar_id::text AS avatar,
           a.company, a.department, a.introduction, a.hours, a.categories,
           a.applied_at, a.state, a.reason, a.decided_at, papers.ids, papers.names
    FROM """
_WITH_PAPERS: Final = """ a
    JOIN users u ON u.id = a.user_id
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(f.id::text ORDER BY f.id), '{}') AS ids,
               coalesce(array_agg(f.name ORDER BY f.id), '{}') AS names
        FROM mentor_certificates c JOIN uploads f ON f.id = c.upload_id
        WHERE c.application_id = a.id
    ) papers
    """
_OF_PERSON: Final = (
    "(SELECT * FROM mentor_applications WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3)"
)
_IN_STATE: Final = (
    "(SELECT * FROM mentor_applications WHERE state = $1 AND id < $2 ORDER BY id DESC LIMIT $3)"
)
APPLICATION: Final = _APPLICATION + "mentor_applications" + _WITH_PAPERS + "WHERE a.id = $1"
OF_PERSON: Final = _APPLICATION + _OF_PERSON + _WITH_PAPERS + "ORDER BY a.id DESC"
IN_STATE: Final = _APPLICATION + _IN_STATE + _WITH_PAPERS + "ORDER BY a.id DESC"

WITHDRAW: Final = """
    DELETE FROM mentor_applications WHERE id = $1 AND user_id = $2 AND state = 'pending' RETURNING true
"""
IS_THERE: Final = "SELECT EXISTS (SELECT FROM mentor_applications WHERE id = $1 AND user_id = $2)"

APPLICANT: Final = "SELECT user_id::text FROM mentor_applications WHERE id = $1"
DECIDE: Final = """
    UPDATE mentor_applications SET state = $2, reason = $3, decided_by = $4, decided_at = now()
    WHERE id = $1 AND state = 'pending'
    RETURNING true
"""
DECISION: Final = "SELECT state, reason FROM mentor_applications WHERE id = $1"
GIVE_ROLE: Final = (
    "INSERT INTO user_roles (user_id, role) VALUES ($1, 'mentor') ON CONFLICT DO NOTHING RETURNING true"
)
# Who was a mentor before keeps followers, answers and reviews.
AUTHORIZE: Final = """
    INSERT INTO mentors (user_id, company, department, introduction, hours, categories)
    SELECT user_id, company, department, introduction, hours, categories FROM mentor_applications WHERE id = $1
    ON CONFLICT (user_id) DO UPDATE
    SET company = excluded.company, department = excluded.department, introduction = excluded.introduction,
        hours = excluded.hours, categories = excluded.categories
"""

# --- mentors ----------------------------------------------------------------------------------------------------------

MENTOR: Final = """
    SELECT m.*, m.user_id::text AS id,
           EXISTS (SELECT FROM follows f WHERE f.user_id = $1 AND f.mentor_id = m.user_id) AS following
    FROM listed_mentors m
    WHERE m.user_id = $2
"""
CARD: Final = "SELECT introduction, hours, categories FROM mentors WHERE user_id = $1 FOR NO KEY UPDATE"
CHANGE_CARD: Final = "UPDATE mentors SET introduction = $2, hours = $3, categories = $4 WHERE user_id = $1"

# Three statements for one list: each order has an index of its own.
_MENTOR: Final = "SELECT m.*, m.user_id::text AS id, "
_ON_SHELF: Final = """ AS place,
           EXISTS (SELECT FROM follows f WHERE f.user_id = $1 AND f.mentor_id = m.user_id) AS following
    FROM mentor_shelves s
    JOIN listed_mentors m ON m.user_id = s.user_id
    WHERE s.category = $2 AND """
_BY_FOLLOWERS: Final = (
    "(s.followers, s.user_id) < ($3, $4) ORDER BY s.followers DESC, s.user_id DESC LIMIT $5"
)
_BY_ANSWERS: Final = "(s.answers, s.user_id) < ($3, $4) ORDER BY s.answers DESC, s.user_id DESC LIMIT $5"
_BY_RATING: Final = "(s.rating, s.user_id) < ($3, $4) ORDER BY s.rating DESC, s.user_id DESC LIMIT $5"
BY_FOLLOWERS: Final = _MENTOR + "s.followers" + _ON_SHELF + _BY_FOLLOWERS
BY_ANSWERS: Final = _MENTOR + "s.answers" + _ON_SHELF + _BY_ANSWERS
BY_RATING: Final = _MENTOR + "s.rating" + _ON_SHELF + _BY_RATING

# --- follows ----------------------------------------------------------------------------------------------------------

IS_LISTED: Final = "SELECT EXISTS (SELECT FROM listed_mentors WHERE user_id = $1)"
COUNT_FOLLOWS: Final = "SELECT count(*) FROM follows WHERE user_id = $1"
FOLLOW: Final = """
    INSERT INTO follows (user_id, mentor_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true
"""
UNFOLLOW: Final = "DELETE FROM follows WHERE user_id = $1 AND mentor_id = $2"
FOLLOWED: Final = """
    SELECT m.*, m.user_id::text AS id, f.since AS place, true AS following
    FROM follows f
    JOIN listed_mentors m ON m.user_id = f.mentor_id
    WHERE f.user_id = $1 AND (f.since, f.mentor_id) < ($2, $3)
    ORDER BY f.since DESC, f.mentor_id DESC
    LIMIT $4
"""
