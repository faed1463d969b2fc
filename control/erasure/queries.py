"""The SQL of leaving for good. Times are parameters, so that the rules decide by one clock."""

from __future__ import annotations

from typing import Final

# FOR UPDATE, so that a session that is being begun is either there to be ended or comes after.
LOCK: Final = "SELECT kind, email FROM users WHERE id = $1 AND erasing_at IS NULL FOR UPDATE"

CLOSE: Final = "UPDATE users SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL RETURNING true"

RESTORE: Final = "UPDATE users SET deleted_at = NULL WHERE id = $1 AND deleted_at IS NOT NULL RETURNING true"

# --- erasing ----------------------------------------------------------------------------------------------------------

DUE: Final = "SELECT id::text AS id FROM users WHERE deleted_at <= $1 AND erasing_at IS NULL ORDER BY deleted_at LIMIT $2"

# Whoever restores it meanwhile has it; then it is not due.
LOCK_DUE: Final = (
    "SELECT true FROM users WHERE id = $1 AND deleted_at <= $2 AND erasing_at IS NULL FOR UPDATE"
)

BOTS: Final = "SELECT user_id::text AS id FROM bots WHERE owner_id = $1 ORDER BY user_id"

FORGET_CODES: Final = """
DELETE FROM contact_codes USING users u WHERE u.id = $1 AND contact IN (u.email, u.phone)
"""
FORGET_PROOFS: Final = """
DELETE FROM contact_proofs USING users u WHERE u.id = $1 AND contact IN (u.email, u.phone)
"""
EMPTY: Final = """
UPDATE users
   SET nickname = $2, name = '', email = NULL, phone = NULL, password_hash = NULL, gender = NULL, interests = '{}',
       status = '', avatar_id = NULL, wallpaper_id = NULL, found_by = '{}', presence = 'nobody', timezone = NULL, badge = NULL,
       deleted_at = coalesce(deleted_at, $3), erasing_at = $3
 WHERE id = $1
"""

BEING_ERASED: Final = """
SELECT id::text AS id FROM users WHERE erasing_at IS NOT NULL AND erased_at IS NULL AND id > $1 ORDER BY id LIMIT $2
"""
# Those they registered or wait for, as long as these were not given.
CLASSES: Final = """
SELECT c.id::text AS id FROM class_registrations r JOIN classes c ON c.id = r.class_id
 WHERE r.user_id = $1 AND r.state <> 'ended' AND c.settled_at IS NULL ORDER BY c.id LIMIT $2
"""
FORGET_ANSWERS: Final = "UPDATE class_registrations SET answers = '{}' WHERE user_id = $1 AND answers <> '{}'"
# Rooms that are called after a class of theirs, or after a post that found company.
NAMED_ROOMS: Final = """
SELECT r.id::text AS id FROM rooms r
 WHERE r.title <> '-'
   AND r.id IN (SELECT room_id FROM classes WHERE mentor_id = $1
                UNION ALL
                SELECT m.room_id FROM match_posts p JOIN matches m ON m.id = p.match_id WHERE p.author_id = $1)
 ORDER BY r.id LIMIT $2
"""
UNTITLE: Final = """
WITH met AS (UPDATE matches SET title = '-' WHERE room_id = $1)
UPDATE rooms SET title = '-' WHERE id = $1
"""
ROOMS: Final = "SELECT room_id::text AS id FROM members WHERE user_id = $1 ORDER BY room_id LIMIT $2"
FORMER_ROOMS: Final = (
    "SELECT room_id::text AS id FROM former_members WHERE user_id = $1 ORDER BY room_id LIMIT $2"
)
FORGET_ROOM: Final = "DELETE FROM former_members WHERE user_id = $1 AND room_id = $2"
# A room in which nobody else ever was, and nobody is, keeps no words either.
EMPTY_ROOM: Final = """
UPDATE rooms SET title = '-', title_en = NULL, description = '', category = NULL, tags = '{}'
 WHERE id = $1 AND archived_at IS NOT NULL AND kind <> 'direct'
   AND NOT EXISTS (SELECT FROM former_members WHERE room_id = $1)
"""
FILES: Final = "SELECT id::text AS id FROM uploads WHERE owner_id = $1 ORDER BY id LIMIT $2"
REMOVE_FILES: Final = (
    "UPDATE uploads SET removed_at = now() WHERE id = ANY($1::uuid[]) AND removed_at IS NULL"
)

# Posts that still have words.
QUESTIONS: Final = """
SELECT id::text AS id FROM questions
 WHERE author_id = $1 AND removed_at IS NULL AND (title, text, tags) <> ('-', '', '{}') ORDER BY id LIMIT $2
"""
ANSWERS: Final = """
SELECT id::text AS id FROM answers
 WHERE author_id = $1 AND removed_at IS NULL AND text <> '' ORDER BY id LIMIT $2
"""
COMMENTS: Final = """
SELECT id::text AS id FROM board_comments
 WHERE author_id = $1 AND removed_at IS NULL ORDER BY id LIMIT $2
"""
# It stays where others find their answers; tags are words, too.
BLANK_QUESTION: Final = """
WITH untagged AS (DELETE FROM board_shelves WHERE question_id = $1 AND shelf LIKE 'tag:%')
UPDATE questions SET title = '-', text = '', tags = '{}' WHERE id = $1 AND removed_at IS NULL
"""
BLANK_ANSWER: Final = "UPDATE answers SET text = '' WHERE id = $1"
BLANK_COMMENT: Final = """
UPDATE board_comments SET text = '', edited_at = NULL, removed_at = now() WHERE id = $1 AND removed_at IS NULL
"""

ERASED: Final = """
UPDATE users SET erased_at = $2
 WHERE id = $1 AND erasing_at IS NOT NULL
   AND NOT EXISTS (SELECT FROM members WHERE user_id = $1)
   AND NOT EXISTS (SELECT FROM former_members WHERE user_id = $1)
   AND NOT EXISTS (SELECT FROM uploads WHERE owner_id = $1)
   AND NOT EXISTS (SELECT FROM exports WHERE user_id = $1)
"""
