"""The SQL of points."""

from __future__ import annotations

from typing import Final

# Waits for a transfer of the same reference that is under way, and then adds nothing.
ADD_TRANSFER: Final = """
    INSERT INTO point_transfers (reference, kind, subject, note, by) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (reference) DO NOTHING
    RETURNING id::text
"""
TRANSFER: Final = """
    SELECT t.kind, t.subject::text AS subject, t.note, e.points, e.owner_id::text AS owner, e.treasury
    FROM point_transfers t JOIN point_entries e ON e.transfer_id = t.id
    WHERE t.reference = $1
    ORDER BY e.points
"""
REWARDS_BY: Final = """
    SELECT count(*) FROM point_transfers t JOIN point_entries e ON e.transfer_id = t.id
    WHERE t.by = $1 AND t.at > now() - $2::interval AND t.kind = 'reward' AND e.owner_id = $3
"""
LOCK_ACCOUNTS: Final = (
    "SELECT FROM point_accounts WHERE user_id = ANY($1::uuid[]) ORDER BY user_id FOR NO KEY UPDATE"
)

# The condition is judged anew behind the row's lock, so no two spend the same points.
TAKE: Final = """
    UPDATE point_accounts SET balance = balance - $2 WHERE user_id = $1 AND balance >= $2 RETURNING balance
"""
GIVE: Final = """
    INSERT INTO point_accounts AS a (user_id, balance) VALUES ($1, $2)
    ON CONFLICT (user_id) DO UPDATE SET balance = a.balance + excluded.balance
    RETURNING balance
"""
ADD_ENTRY: Final = """
    INSERT INTO point_entries (transfer_id, owner_id, treasury, points, balance) VALUES ($1, $2, $3, $4, $5)
"""

PERSON: Final = "SELECT kind FROM users WHERE id = $1"
MAY_HAVE_POINTS: Final = (
    "SELECT EXISTS (SELECT FROM users WHERE id = $1 AND kind = 'person' AND deleted_at IS NULL)"
)
BALANCE: Final = "SELECT balance FROM point_accounts WHERE user_id = $1"

# At least one row, with the balance; nulls where there is no entry.
STATEMENT: Final = """
    SELECT coalesce(a.balance, 0) AS now, page.id, t.id::text AS transfer, t.kind, t.subject::text AS subject, t.note,
           t.at, page.points, page.balance, coalesce(c.title, q.title) AS title, q.id::text AS question
    FROM (SELECT $1::uuid AS id) me
    LEFT JOIN point_accounts a ON a.user_id = me.id
    LEFT JOIN LATERAL (
        SELECT id, transfer_id, points, balance FROM point_entries
        WHERE owner_id = me.id AND id < $2
        ORDER BY id DESC
        LIMIT $3
    ) page ON true
    LEFT JOIN point_transfers t ON t.id = page.transfer_id
    LEFT JOIN classes c ON c.id = t.subject
    LEFT JOIN answers n ON n.id = t.subject
    LEFT JOIN questions q ON q.id = n.question_id
    ORDER BY page.id DESC
"""
