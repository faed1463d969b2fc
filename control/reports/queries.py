"""The SQL of reports."""

from __future__ import annotations

from typing import Final

# A second one of the same reporter about the same is none.
ADD: Final = """
    INSERT INTO reports (reporter, kind, object, room_id, question_id, class_id, person, evidence, reason, words)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT (reporter, kind, object) DO NOTHING
    RETURNING id::text
"""
EXISTS: Final = "SELECT EXISTS (SELECT 1 FROM users WHERE id = $1)"

# What is on the board: whose it is, where, and what it says.
QUESTION: Final = """
    SELECT author_id::text AS person, id::text AS question, title || E'\n' || text AS text FROM questions
    WHERE id = $1 AND removed_at IS NULL
"""
ANSWER: Final = """
    SELECT a.author_id::text AS person, q.id::text AS question, a.text
    FROM answers a JOIN questions q ON q.id = a.question_id
    WHERE a.id = $1 AND a.removed_at IS NULL AND q.removed_at IS NULL
"""
COMMENT: Final = """
    SELECT c.author_id::text AS person, q.id::text AS question, c.text
    FROM board_comments c
    LEFT JOIN answers a ON a.id = c.answer_id
    JOIN questions q ON q.id = coalesce(c.question_id, a.question_id)
    WHERE c.id = $1 AND c.removed_at IS NULL AND a.removed_at IS NULL AND q.removed_at IS NULL
"""
REVIEW: Final = "SELECT text FROM class_reviews WHERE class_id = $1 AND user_id = $2"

# Two statements for one list: what is open, and what is resolved, each have an index.
_REPORTS: Final = """
    SELECT r.id::text AS id, r.kind, r.object, r.room_id::text AS room, rooms.title AS room_title,
           r.question_id::text AS question, q.title AS question_title, r.class_id::text AS class, c.title AS class_title,
           r.person::text AS person, p.nickname, p.kind = 'bot' AS bot,
           r.reason, r.words, r.evidence, r.reported_at, r.reporter::text AS reporter, reporter.nickname AS reporter_nickname,
           r.outcome, r.note, r.resolved_at, r.resolved_by::text AS resolved_by, resolver.nickname AS resolved_by_nickname
    FROM reports r
    JOIN users reporter ON reporter.id = r.reporter
    LEFT JOIN rooms ON rooms.id = r.room_id
    LEFT JOIN questions q ON q.id = r.question_id
    LEFT JOIN classes c ON c.id = r.class_id
    LEFT JOIN users p ON p.id = r.person
    LEFT JOIN users resolver ON resolver.id = r.resolved_by
    WHERE """
_PAGE: Final = """ AND r.id < $1
    ORDER BY r.id DESC
    LIMIT $2
"""
OPEN: Final = _REPORTS + "r.outcome IS NULL" + _PAGE
RESOLVED: Final = _REPORTS + "r.outcome IS NOT NULL" + _PAGE

# The first to resolve it resolves it.
RESOLVE: Final = """
    UPDATE reports SET outcome = $2, note = $3, resolved_by = $4, resolved_at = now()
    WHERE id = $1 AND outcome IS NULL
    RETURNING person
"""
RESOLUTION: Final = "SELECT outcome, note, resolved_by::text AS resolved_by FROM reports WHERE id = $1"
