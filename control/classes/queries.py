"""The SQL of classes. Times are parameters, so that the rules decide by one clock; tests look at the plans of lists."""

from __future__ import annotations

from typing import Final

# --- one class --------------------------------------------------------------------------------------------------------

# Whoever changes a class, or who is in it, locks its row first, and its room's: that keeps its counts true and its places
# unbroken, and who is banned from the room a moment later was not brought into it a moment before.
LOCK: Final = """
    SELECT c.id::text AS id, c.mentor_id::text AS mentor, c.room_id::text AS room, c.title, c.description, c.curriculum,
           c.questions, c.price, c.capacity, c.starts_at, c.cover_id::text AS cover, c.categories, c.state, c.called_off_at,
           c.unlisted_at, c.settled_at, c.registered, c.waiting, r.archived_at IS NOT NULL AS room_archived
    FROM classes c JOIN rooms r ON r.id = c.room_id
    WHERE c.id = $1
    FOR NO KEY UPDATE
"""
IS_LISTED_MENTOR: Final = "SELECT EXISTS (SELECT FROM listed_mentors WHERE user_id = $1)"

# A class for one person ($1). A draft is its mentor's alone; what an admin unlisted, and what is of somebody who is no
# mentor any more, is for who has to do with it, and for admins ($3).
CLASS: Final = """
    SELECT k.*, c.description, c.curriculum, c.questions, r.state AS mine, v.halves AS my_halves, v.text AS my_review
    FROM class_cards k
    JOIN classes c ON c.id = k.id
    LEFT JOIN class_registrations r ON r.class_id = k.id AND r.user_id = $1 AND r.state <> 'ended'
    LEFT JOIN class_reviews v ON v.class_id = k.id AND v.user_id = $1
    LEFT JOIN listed_mentors m ON m.user_id = k.mentor_id
    WHERE k.id = $2
        AND (
            k.mentor_id = $1 OR r.id IS NOT NULL OR $3
            OR (
                k.state <> 'draft' AND k.unlisted_at IS NULL AND m.user_id IS NOT NULL
            )
        )
"""
# A class as it is at this moment, and whether somebody ($2) registered for it: most refusals need no lock.
GLANCE: Final = """
    SELECT id::text AS id, mentor_id::text AS mentor, room_id::text AS room, questions, capacity, starts_at, state,
           unlisted_at, registered, waiting,
           EXISTS (
               SELECT FROM class_registrations r WHERE r.class_id = classes.id AND r.user_id = $2 AND r.state <> 'ended'
           ) AS is_in
    FROM classes WHERE id = $1
"""

ADD_ROOM: Final = """
    INSERT INTO rooms (kind, title, capacity, category, visibility, history)
    VALUES ('class', $1, $2, $3, 'private', 'all')
    RETURNING id::text
"""
ADD: Final = """
    INSERT INTO classes
        (mentor_id, room_id, title, description, curriculum, questions, price, capacity, starts_at, cover_id, categories,
         created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    RETURNING id::text
"""
# A picture of one's own, confirmed, that was asked for as a class cover.
COVER: Final = """
    SELECT true FROM uploads
    WHERE id = $2 AND owner_id = $1 AND purpose = 'class_cover' AND confirmed_at IS NOT NULL AND removed_at IS NULL
    FOR SHARE
"""
# A picture that no class shows any more is swept away.
DROP_COVER: Final = """
    UPDATE uploads SET removed_at = $2
    WHERE id = $1 AND removed_at IS NULL AND NOT EXISTS (SELECT FROM classes WHERE cover_id = $1)
"""
CHANGE: Final = """
    UPDATE classes
    SET title = $2, description = $3, curriculum = $4, questions = $5, price = $6, capacity = $7, starts_at = $8,
        cover_id = $9, categories = $10
    WHERE id = $1
"""
# Null is what stays.
CHANGE_ROOM: Final = """
    UPDATE rooms
    SET title = coalesce($2, title), capacity = greatest(coalesce($3, capacity), member_count),
        category = coalesce($4, category)
    WHERE id = $1
    RETURNING new.title, new.capacity, new.category,
              old.title AS old_title, old.capacity AS old_capacity, old.category AS old_category
"""
DELETE: Final = "DELETE FROM classes WHERE id = $1"
OPEN: Final = "UPDATE classes SET state = 'open', opened_at = $2 WHERE id = $1"
CLOSE: Final = "UPDATE classes SET state = 'closed' WHERE id = $1"
CALL_OFF: Final = "UPDATE classes SET state = 'closed', called_off_at = $2 WHERE id = $1"
UNLIST: Final = "UPDATE classes SET unlisted_at = $2 WHERE id = $1"

# Who is to hear of a new class, some at a time; who blocked the mentor does not want to.
FOLLOWERS: Final = """
    SELECT f.user_id::text AS id FROM follows f
    WHERE f.mentor_id = $1 AND f.user_id > $2
        AND NOT EXISTS (SELECT FROM relations b WHERE b.user_id = f.user_id AND b.other_id = $1 AND b.kind = 'blocked')
    ORDER BY f.user_id
    LIMIT $3
"""

# --- registrations ----------------------------------------------------------------------------------------------------

REGISTRATION: Final = """
    SELECT id::text AS id, state, answers, paid, asked_at FROM class_registrations
    WHERE class_id = $1 AND user_id = $2 AND state <> 'ended'
"""
ASK: Final = """
    INSERT INTO class_registrations (class_id, user_id, answers, state, asked_at) VALUES ($1, $2, $3, 'waiting', $4)
    RETURNING id::text
"""
ADMIT: Final = """
    UPDATE class_registrations SET state = 'registered', paid = $2, registered_at = $3 WHERE id = $1
"""
COUNT: Final = "UPDATE classes SET registered = registered + $2, waiting = waiting + $3 WHERE id = $1"
MAKE_PLACES: Final = (
    "UPDATE rooms SET capacity = member_count + $2 WHERE id = $1 AND capacity < member_count + $2"
)
IS_BANNED: Final = """
    SELECT EXISTS (
        SELECT FROM room_bans WHERE room_id = $1 AND user_id = $2 AND (until IS NULL OR until > $3)
    )
"""
# Who is next in a class `c` after a place ($2), of those who may come in now ($1) and can pay: the others keep their places in
# the line.
_NEXT: Final = """
    FROM classes c
    JOIN listed_mentors m ON m.user_id = c.mentor_id
    CROSS JOIN LATERAL (
        SELECT r.id::text AS id, r.user_id::text AS user_id, r.place
        FROM class_registrations r
        JOIN users u ON u.id = r.user_id AND u.deleted_at IS NULL
        LEFT JOIN point_accounts a ON a.user_id = r.user_id
        WHERE r.class_id = c.id AND r.state = 'waiting' AND r.place > $2 AND coalesce(a.balance, 0) >= c.price
            AND NOT EXISTS (SELECT FROM suspensions s WHERE s.user_id = r.user_id)
            AND NOT has_blocked(c.mentor_id, r.user_id) AND NOT has_blocked(r.user_id, c.mentor_id)
            AND NOT EXISTS (
                SELECT FROM room_bans b
                WHERE b.room_id = c.room_id AND b.user_id = r.user_id AND (b.until IS NULL OR b.until > $1)
            )
        ORDER BY r.place
        LIMIT 1
    ) next
"""
NEXT: Final = "SELECT next.*" + _NEXT + "WHERE c.id = $3"
# Classes with places, and with somebody to have one. All that can be registered for stands on one shelf.
WITH_PLACES: Final = (
    "SELECT c.id::text AS id, c.mentor_id::text AS mentor"
    + _NEXT
    + """JOIN class_shelves s ON s.class_id = c.id AND s.category = ''
    WHERE s.starts_at > $1 AND c.waiting > 0 AND c.registered < c.capacity"""
)
END: Final = """
    UPDATE class_registrations
    SET state = 'ended', ended_at = coalesce(ended_at, $2), paid = CASE WHEN $3 THEN 0 ELSE paid END
    WHERE id = $1
"""
END_WAITING: Final = """
    UPDATE class_registrations SET state = 'ended', ended_at = $2 WHERE class_id = $1 AND state = 'waiting'
    RETURNING user_id::text AS user_id
"""
# Who has a place, and who gave his up when it was too late to be refunded.
TO_REFUND: Final = """
    SELECT id::text AS id, user_id::text AS user_id, paid, state FROM class_registrations
    WHERE class_id = $1 AND (state = 'registered' OR paid > 0)
    ORDER BY user_id
"""
LIVE: Final = """
    SELECT user_id::text AS user_id FROM class_registrations WHERE class_id = $1 AND state <> 'ended' ORDER BY user_id
"""
REGISTRANTS: Final = """
    SELECT r.user_id::text AS user_id, u.nickname, u.avatar_id::text AS avatar, r.state, r.answers, r.paid, r.asked_at, r.place
    FROM class_registrations r
    JOIN users u ON u.id = r.user_id
    WHERE r.class_id = $1 AND r.state = $2 AND r.place > $3
    ORDER BY r.place
    LIMIT $4
"""
MENTOR_OF: Final = "SELECT mentor_id::text FROM classes WHERE id = $1"

# --- what was paid ----------------------------------------------------------------------------------------------------

# A class that began, or whose mentor is gone for good. Reads all that is still to come, by an index that has nothing else.
DUE: Final = """
    SELECT c.id::text
    FROM classes c JOIN users u ON u.id = c.mentor_id
    WHERE c.settled_at IS NULL AND c.called_off_at IS NULL AND c.state <> 'draft'
        AND (
            c.starts_at <= $1 OR u.deleted_at IS NOT NULL
            OR NOT EXISTS (SELECT FROM user_roles r WHERE r.user_id = c.mentor_id AND r.role = 'mentor')
        )
    ORDER BY c.starts_at
    LIMIT 1
    FOR NO KEY UPDATE OF c SKIP LOCKED
"""
PAID: Final = "SELECT coalesce(sum(paid), 0) FROM class_registrations WHERE class_id = $1"
SETTLE: Final = "UPDATE classes SET state = 'closed', settled_at = $2 WHERE id = $1"

# --- lists ------------------------------------------------------------------------------------------------------------

# Two statements for one list: each order has an index of its own.
NEWEST: Final = """
    SELECT k.*, s.opened_at AS key,
           (SELECT r.state FROM class_registrations r
            WHERE r.class_id = k.id AND r.user_id = $1 AND r.state <> 'ended') AS mine
    FROM class_shelves s
    JOIN class_cards k ON k.id = s.class_id
    JOIN listed_mentors m ON m.user_id = k.mentor_id
    WHERE s.category = $2 AND (s.opened_at, s.class_id) < ($3, $4) AND s.starts_at > $5
    ORDER BY s.opened_at DESC, s.class_id DESC
    LIMIT $6
"""
BY_START: Final = """
    SELECT k.*, s.starts_at AS key,
           (SELECT r.state FROM class_registrations r
            WHERE r.class_id = k.id AND r.user_id = $1 AND r.state <> 'ended') AS mine
    FROM class_shelves s
    JOIN class_cards k ON k.id = s.class_id
    JOIN listed_mentors m ON m.user_id = k.mentor_id
    WHERE s.category = $2 AND (s.starts_at, s.class_id) > ($3, $4) AND s.starts_at > $5
    ORDER BY s.starts_at, s.class_id
    LIMIT $6
"""
MINE: Final = """
    SELECT k.*, r.place, r.state AS mine
    FROM class_registrations r
    JOIN class_cards k ON k.id = r.class_id
    WHERE r.user_id = $1 AND r.state <> 'ended' AND r.place < $2
    ORDER BY r.place DESC
    LIMIT $3
"""
# A mentor's own, all of them; of others what everybody may see.
OF_MENTOR: Final = """
    SELECT k.*,
           (SELECT r.state FROM class_registrations r
            WHERE r.class_id = k.id AND r.user_id = $1 AND r.state <> 'ended') AS mine
    FROM class_cards k
    WHERE k.mentor_id = $2 AND k.id < $3
        AND (
            k.mentor_id = $1
            OR (
                k.state <> 'draft' AND k.unlisted_at IS NULL
                AND EXISTS (SELECT FROM listed_mentors m WHERE m.user_id = $2)
            )
        )
    ORDER BY k.id DESC
    LIMIT $4
"""

# --- reviews ----------------------------------------------------------------------------------------------------------

IS_REGISTERED: Final = """
    SELECT EXISTS (SELECT FROM class_registrations WHERE class_id = $1 AND user_id = $2 AND state = 'registered')
"""
# What says the same as before is no edit.
REVIEW: Final = """
    INSERT INTO class_reviews AS r (class_id, user_id, halves, text, reviewed_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (class_id, user_id) DO UPDATE SET halves = excluded.halves, text = excluded.text, edited_at = $5
    WHERE (r.halves, r.text) IS DISTINCT FROM (excluded.halves, excluded.text)
"""
UNREVIEW: Final = "DELETE FROM class_reviews WHERE class_id = $1 AND user_id = $2 RETURNING true"
REVIEWED: Final = """
    SELECT r.user_id::text AS user_id, u.nickname, u.avatar_id::text AS avatar, r.halves, r.text, r.reviewed_at, r.edited_at
    FROM class_reviews r JOIN users u ON u.id = r.user_id
    WHERE r.class_id = $1 AND r.user_id = $2
"""
REVIEWS: Final = """
    SELECT r.user_id::text AS user_id, u.nickname, u.avatar_id::text AS avatar, r.halves, r.text, r.reviewed_at, r.edited_at
    FROM class_reviews r JOIN users u ON u.id = r.user_id
    WHERE r.class_id = $1 AND (r.reviewed_at, r.user_id) < ($2, $3)
    ORDER BY r.reviewed_at DESC, r.user_id DESC
    LIMIT $4
"""
# No row at all means that there is no such mentor; a row of nulls, that the page is empty.
REVIEWS_OF_MENTOR: Final = """
    SELECT m.reviews, m.rating, page.user_id::text AS user_id, u.nickname, u.avatar_id::text AS avatar,
           page.halves, page.text, page.reviewed_at, page.edited_at, c.id::text AS class_id, c.title, c.unlisted_at
    FROM listed_mentors m
    LEFT JOIN LATERAL (
        SELECT * FROM class_reviews r
        WHERE r.mentor_id = m.user_id AND (r.reviewed_at, r.user_id, r.class_id) < ($2, $3, $4)
        ORDER BY r.reviewed_at DESC, r.user_id DESC, r.class_id DESC
        LIMIT $5
    ) page ON true
    LEFT JOIN users u ON u.id = page.user_id
    LEFT JOIN classes c ON c.id = page.class_id
    WHERE m.user_id = $1
    ORDER BY page.reviewed_at DESC, page.user_id DESC, page.class_id DESC
"""
