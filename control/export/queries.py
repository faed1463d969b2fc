"""The SQL of copies. Times are parameters, so that the rules decide by one clock."""

from __future__ import annotations

from typing import Final

ASK: Final = """
INSERT INTO exports (user_id, asked_at) VALUES ($1, $2)
ON CONFLICT (user_id) WHERE state IN ('queued', 'working') DO NOTHING
RETURNING id::text AS id, state, size, asked_at, finished_at, expires_at
"""
MINE: Final = """
SELECT id::text AS id, state, size, asked_at, finished_at, expires_at
  FROM exports
 WHERE user_id = $1 AND id < $2
 ORDER BY id DESC
 LIMIT $3
"""
ONE: Final = """
SELECT id::text AS id, state, size, asked_at, finished_at, expires_at FROM exports WHERE id = $1 AND user_id = $2
"""

# --- making -----------------------------------------------------------------------------------------------------------

IS_ASKED: Final = "SELECT EXISTS (SELECT FROM exports WHERE state IN ('queued', 'working'))"

# The oldest one, also when whoever was at it has died.
BEGIN: Final = """
UPDATE exports SET state = 'working', attempts = attempts + 1
 WHERE id = (SELECT id FROM exports WHERE state IN ('queued', 'working') ORDER BY id LIMIT 1)
RETURNING id::text AS id, user_id::text AS user_id, attempts
"""
PUT_OFF: Final = (
    "UPDATE exports SET state = 'queued', attempts = attempts - 1 WHERE id = $1 AND state = 'working'"
)

# Also when another was at it, too, and is done: what lies in the store is of whoever was last.
READY: Final = """
UPDATE exports SET state = 'ready', size = $2, finished_at = $3, expires_at = $4
 WHERE id = $1 AND state IN ('working', 'ready')
RETURNING true
"""
FAILED: Final = "UPDATE exports SET state = 'failed', finished_at = $2 WHERE id = $1 AND state = 'working'"

EXPIRED: Final = "SELECT id::text AS id FROM exports WHERE state = 'ready' AND expires_at <= $1 ORDER BY expires_at LIMIT $2"
EXPIRE: Final = "UPDATE exports SET state = 'expired' WHERE id = ANY($1::uuid[])"
FORGET: Final = "DELETE FROM exports WHERE state IN ('failed', 'expired') AND finished_at <= $1"

OF_PERSON: Final = "SELECT id::text AS id FROM exports WHERE user_id = $1 ORDER BY id LIMIT $2"
DROP: Final = "DELETE FROM exports WHERE id = ANY($1::uuid[])"

# --- contents ---------------------------------------------------------------------------------------------------------

# Each gives rows as JSON; $1 is the person, $2 how many rows were read before, $3 how many to read. Offsets, for each is
# short, and is read once.
ACCOUNT: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT id, email, phone, name, nickname, gender, interests, status, presence, found_by, avatar_id AS avatar,
           wallpaper_id AS wallpaper, badge, timezone, created_at,
           ARRAY(SELECT role FROM user_roles r WHERE r.user_id = u.id ORDER BY role) AS roles
      FROM users u WHERE id = $1 OFFSET $2 LIMIT $3
) row
"""
IDENTITIES: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT provider, subject, linked_at FROM identities WHERE user_id = $1 ORDER BY provider OFFSET $2 LIMIT $3
) row
"""
SESSIONS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT device, address, created_at, last_seen_at, revoked_at FROM sessions WHERE user_id = $1
     ORDER BY created_at, id OFFSET $2 LIMIT $3
) row
"""
RELATIONS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT r.kind, r.other_id AS person, u.nickname, r.since
      FROM relations r JOIN users u ON u.id = r.other_id
     WHERE r.user_id = $1 ORDER BY r.kind, r.since, r.other_id OFFSET $2 LIMIT $3
) row
"""
ROOMS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT m.room_id AS room, r.kind, r.title, m.role, m.joined_at, m.muted_until, m.last_read, m.notifications
      FROM members m JOIN rooms r ON r.id = m.room_id
     WHERE m.user_id = $1 ORDER BY m.room_id OFFSET $2 LIMIT $3
) row
"""
STAYS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT room_id AS room, category, entered_at, left_at FROM stays WHERE user_id = $1
     ORDER BY entered_at, id OFFSET $2 LIMIT $3
) row
"""
BADGES: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT a.badge, b.ko_name AS ko, b.en_name AS en, a.awarded_at, a.note
      FROM badge_awards a JOIN badges b ON b.key = a.badge
     WHERE a.user_id = $1 ORDER BY a.awarded_at, a.badge OFFSET $2 LIMIT $3
) row
"""
AVATARS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT upload_id AS upload, since FROM avatars WHERE user_id = $1 ORDER BY since, upload_id OFFSET $2 LIMIT $3
) row
"""
UPLOADS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT id, purpose, room_id AS room, name, media_type, size, width, height, created_at
      FROM uploads WHERE owner_id = $1 AND confirmed_at IS NOT NULL AND removed_at IS NULL
     ORDER BY id OFFSET $2 LIMIT $3
) row
"""
# Those he has got and is shown. Of those he gave, what is missing would tell who blocked him.
INVITATIONS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT i.id, i.room_id AS room, r.title, i.by, i.invited_at, i.expires_at
      FROM room_invitations i JOIN rooms r ON r.id = i.room_id
     WHERE i.user_id = $1
       AND NOT EXISTS (SELECT FROM relations b WHERE b.user_id = $1 AND b.other_id = i.by AND b.kind = 'blocked')
     ORDER BY i.id OFFSET $2 LIMIT $3
) row
"""
# Without what opens them: a copy goes where no door is.
ROOM_LINKS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT id, room_id AS room, made_at, expires_at, uses, max_uses
      FROM room_links WHERE by = $1 ORDER BY id OFFSET $2 LIMIT $3
) row
"""
WEBHOOKS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT id, room_id AS room, name, created_at, last_used_at, revoked_at
      FROM hooks WHERE created_by = $1 ORDER BY id OFFSET $2 LIMIT $3
) row
"""
BOTS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT b.user_id AS id, u.nickname, b.about, b.created_at, b.retired_at
      FROM bots b JOIN users u ON u.id = b.user_id WHERE b.owner_id = $1 ORDER BY b.user_id OFFSET $2 LIMIT $3
) row
"""
REPORTS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT kind, object, reason, words, reported_at, outcome FROM reports WHERE reporter = $1
     ORDER BY id OFFSET $2 LIMIT $3
) row
"""
APPLICATIONS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT company, department, introduction, hours, categories, applied_at, state, reason, decided_at
      FROM mentor_applications WHERE user_id = $1 ORDER BY id OFFSET $2 LIMIT $3
) row
"""
MENTOR: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT company, department, introduction, hours, categories, since, followers, answers, reviews, rating
      FROM mentors WHERE user_id = $1 OFFSET $2 LIMIT $3
) row
"""
FOLLOWS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT f.mentor_id AS mentor, u.nickname, f.since FROM follows f JOIN users u ON u.id = f.mentor_id
     WHERE f.user_id = $1 ORDER BY f.since, f.mentor_id OFFSET $2 LIMIT $3
) row
"""
POINTS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT t.kind, t.subject, t.note, t.at, e.points, e.balance
      FROM point_entries e JOIN point_transfers t ON t.id = e.transfer_id
     WHERE e.owner_id = $1 ORDER BY e.id OFFSET $2 LIMIT $3
) row
"""
CLASSES: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT id, title, description, curriculum, questions, price, capacity, starts_at, categories, state, created_at, opened_at
      FROM classes WHERE mentor_id = $1 ORDER BY id OFFSET $2 LIMIT $3
) row
"""
REGISTRATIONS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT r.class_id AS class, c.title, r.answers, r.state, r.paid, r.asked_at, r.registered_at, r.ended_at
      FROM class_registrations r JOIN classes c ON c.id = r.class_id
     WHERE r.user_id = $1 ORDER BY r.place OFFSET $2 LIMIT $3
) row
"""
REVIEWS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT r.class_id AS class, c.title, r.halves / 2.0 AS stars, r.text, r.reviewed_at, r.edited_at
      FROM class_reviews r JOIN classes c ON c.id = r.class_id
     WHERE r.user_id = $1 ORDER BY r.reviewed_at, r.class_id OFFSET $2 LIMIT $3
) row
"""
QUESTIONS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT id, title, text, category, tags, asked_at, edited_at FROM questions
     WHERE author_id = $1 AND removed_at IS NULL ORDER BY id OFFSET $2 LIMIT $3
) row
"""
ANSWERS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT id, question_id AS question, text, answered_at, edited_at FROM answers
     WHERE author_id = $1 AND removed_at IS NULL ORDER BY id OFFSET $2 LIMIT $3
) row
"""
COMMENTS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT id, question_id AS question, answer_id AS answer, parent_id AS parent, text, commented_at, edited_at
      FROM board_comments WHERE author_id = $1 AND removed_at IS NULL ORDER BY id OFFSET $2 LIMIT $3
) row
"""
LIKES: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT post_id AS post FROM board_likes WHERE user_id = $1 ORDER BY post_id OFFSET $2 LIMIT $3
) row
"""
MATCH_APPLICATIONS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT id, category, places, manners, applied_at, expires_at, state, ended_at, match_id AS match, agreed_places,
           agreed_manners
      FROM match_applications
     WHERE user_id = $1 ORDER BY category, turn OFFSET $2 LIMIT $3
) row
"""
POSTS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT id, category, title, text, anonymous, capacity, places, topics, meets_at, state, posted_at, edited_at
      FROM match_posts WHERE author_id = $1 ORDER BY id OFFSET $2 LIMIT $3
) row
"""
POSTS_JOINED: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT p.post_id AS post, post.title, p.joined_at
      FROM match_post_people p JOIN match_posts post ON post.id = p.post_id
     WHERE p.user_id = $1 AND p.joined_at IS NOT NULL AND post.author_id <> $1 ORDER BY p.post_id OFFSET $2 LIMIT $3
) row
"""
POST_COMMENTS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT id, post_id AS post, text, commented_at, edited_at
      FROM match_post_comments WHERE author_id = $1 ORDER BY id OFFSET $2 LIMIT $3
) row
"""
MATCHES: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT m.id, m.category, m.origin, m.title, m.room_id AS room, m.meets_at, m.made_at
      FROM match_people p JOIN matches m ON m.id = p.match_id
     WHERE p.user_id = $1 ORDER BY m.id OFFSET $2 LIMIT $3
) row
"""
# Of what others gave, not who gave it.
MATCH_REVIEWS: Final = """
SELECT to_jsonb(row)::text FROM (
    SELECT match_id AS match, CASE WHEN reviewer_id = $1 THEN partner_id END AS given_to,
           CASE WHEN reviewer_id = $1 THEN reward ELSE score END AS points,
           CASE WHEN reviewer_id = $1 THEN score END AS score, CASE WHEN reviewer_id = $1 THEN reviewed_at END AS reviewed_at
      FROM match_reviews
     WHERE reviewer_id = $1 OR partner_id = $1 ORDER BY match_id, reviewer_id, partner_id OFFSET $2 LIMIT $3
) row
"""

# Where somebody may have spoken.
ROOMS_EVER: Final = """
SELECT room_id::text AS id FROM members WHERE user_id = $1
 UNION
SELECT room_id::text FROM former_members WHERE user_id = $1
 ORDER BY id
"""
FILES: Final = """
SELECT id::text AS id, name, size FROM uploads
 WHERE owner_id = $1 AND confirmed_at IS NOT NULL AND removed_at IS NULL AND id > $2
 ORDER BY id
 LIMIT $3
"""
