"""Who somebody was is forgotten, in PostgreSQL and in one transaction; and what becomes of every row that names them.

`FATES` has an entry for each column of the database that refers to a person. A new one belongs here, too: a test compares
this table with the schema, and another one knows of every column of text whose words are in it. An id that stays tells
nobody who it was, once the row it leads to is empty.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from common.postgres import Connection
from control.erasure import queries


class Stays(NamedTuple):
    """The id stays where it is."""

    why: str


class Later(NamedTuple):
    """It takes more than one transaction, and another store: `erasing` does it, row by row."""

    how: str


Fate = str | Stays | Later  # text: the statement; $1 is the person

# In this order: what refers to something goes before it.
FATES: Final[dict[str, Fate]] = {
    "user_roles.user_id": "DELETE FROM user_roles WHERE user_id = $1",
    "sessions.user_id": "DELETE FROM sessions WHERE user_id = $1",
    "identities.user_id": "DELETE FROM identities WHERE user_id = $1",
    "social_attempts.link_to": "DELETE FROM social_attempts WHERE link_to = $1",
    "suspensions.user_id": "DELETE FROM suspensions WHERE user_id = $1",
    "suspensions.by": Stays("others stay suspended, and admins see by whom"),
    "made_once.user_id": "DELETE FROM made_once WHERE user_id = $1",
    "last_seen.user_id": "DELETE FROM last_seen WHERE user_id = $1",
    "stays.user_id": "DELETE FROM stays WHERE user_id = $1",
    "badge_looks.user_id": "DELETE FROM badge_looks WHERE user_id = $1",
    "badge_awards.user_id": "DELETE FROM badge_awards WHERE user_id = $1",
    "badge_awards.by": Stays("who was given one keeps it, and admins see by whom"),
    # people
    "relations.user_id": "DELETE FROM relations WHERE user_id = $1",
    "relations.other_id": "DELETE FROM relations WHERE other_id = $1",
    "avatars.user_id": "DELETE FROM avatars WHERE user_id = $1",
    "uploads.owner_id": Later("the objects go first, then the rows"),
    "exports.user_id": Later("the objects go first, then the rows"),
    # rooms
    "members.user_id": Later("they leave each, and an owner's room passes on"),
    "former_members.user_id": Later("what they said there is blanked"),
    "rooms.pair_low": Stays("the other one keeps the room"),
    "rooms.pair_high": Stays("the other one keeps the room"),
    "room_bans.user_id": "DELETE FROM room_bans WHERE user_id = $1",
    "room_bans.by": "UPDATE room_bans SET reason = '' WHERE by = $1 AND reason <> ''",
    "room_invitations.user_id": "DELETE FROM room_invitations WHERE user_id = $1",
    "room_invitations.by": "DELETE FROM room_invitations WHERE by = $1",
    "room_links.by": "DELETE FROM room_links WHERE by = $1",
    "room_audit.by": """
        UPDATE room_audit SET detail = (detail::jsonb - 'reason')::text WHERE by = $1 AND detail::jsonb ? 'reason'
    """,
    "room_audit.person": """
        UPDATE room_audit SET detail = (detail::jsonb - 'reason')::text
        WHERE person = $1 AND detail::jsonb ? 'reason'
    """,
    "hooks.created_by": Stays("a webhook is its room's"),
    # reports: that there was one stays, and what became of it
    "reports.reporter": "UPDATE reports SET words = '' WHERE reporter = $1 AND words <> ''",
    "reports.person": "UPDATE reports SET evidence = '' WHERE person = $1 AND evidence <> ''",
    "reports.resolved_by": Stays("what admins decided stands"),
    # bots of theirs are erased with them
    "bots.owner_id": Later("each bot is erased as its owner is"),
    "bots.user_id": "UPDATE bots SET about = '', retired_at = coalesce(retired_at, now()) WHERE user_id = $1",
    # mentors
    "mentor_applications.user_id": "DELETE FROM mentor_applications WHERE user_id = $1",
    "mentor_applications.decided_by": Stays("what admins decided stands"),
    "follows.user_id": "DELETE FROM follows WHERE user_id = $1",
    "mentors.user_id": """
        WITH deaf AS (DELETE FROM follows WHERE mentor_id = $1),
            silent AS (
                UPDATE classes SET title = '-', description = '', curriculum = '{}', questions = '{}'
                WHERE mentor_id = $1
            )
        UPDATE mentors SET company = '', department = '', introduction = '', hours = '[]' WHERE user_id = $1
    """,
    # classes: one that was given keeps its count
    "class_registrations.user_id": Later(
        "each that is still to come is cancelled, and who waits has the place; then the answers go"
    ),
    "class_reviews.user_id": "DELETE FROM class_reviews WHERE user_id = $1",
    # the questions board
    "questions.author_id": Later("it is taken back, or loses its words where others answered"),
    "answers.author_id": Later("it is taken back, or loses its words where it was chosen"),
    "board_comments.author_id": Later("it is taken back"),
    "board_likes.user_id": Stays("a like is no more than a number beside what others wrote"),
    # matches: others were there, too
    "match_applications.user_id": "DELETE FROM match_applications WHERE user_id = $1",
    "match_people.user_id": Stays("the others remember that they met somebody"),
    "match_reviews.reviewer_id": Stays("a number beside what others did; their activity scores add up to it"),
    "match_reviews.partner_id": Stays("whoever reviewed earned something by it"),
    # posts that look for company: what is open is called off, or loses one of its people
    "match_posts.author_id": """
        UPDATE match_posts SET title = '-', text = '', state = CASE state WHEN 'open' THEN 'cancelled' ELSE state END
        WHERE author_id = $1
    """,
    "match_post_people.user_id": """
        WITH held AS (
            SELECT post.id FROM match_posts post JOIN match_post_people p ON p.post_id = post.id
            WHERE p.user_id = $1 AND p.joined_at IS NOT NULL AND post.state = 'open'
            FOR NO KEY UPDATE OF post
        ), gone AS (
            UPDATE match_post_people p SET joined_at = NULL FROM held WHERE p.post_id = held.id AND p.user_id = $1
            RETURNING p.post_id
        )
        UPDATE match_posts post SET people = people - 1 FROM gone WHERE post.id = gone.post_id
    """,
    "match_post_comments.author_id": """
        WITH gone AS (DELETE FROM match_post_comments WHERE author_id = $1 RETURNING post_id),
            fewer AS (SELECT post_id, count(*) AS count FROM gone GROUP BY post_id)
        UPDATE match_posts post SET comments = comments - fewer.count FROM fewer WHERE post.id = fewer.post_id
    """,
    "notices.by": Stays("what admins told everybody stands"),
    # what is kept for ever
    "point_accounts.user_id": Stays(
        "a ledger is never changed: points came from somewhere and went somewhere"
    ),
    "point_transfers.by": Stays("a ledger is never changed"),
    "admin_audit.by": Stays("what admins did is never forgotten"),
    "admin_audit.person": Stays("it has ids and the words of admins, and no names"),
}
# What hangs on a bot rather than on a person.
_OF_BOTS: Final = ("DELETE FROM bot_tokens WHERE bot_id = $1",)


def nickname_of(user: str) -> str:
    """What an erased account is called wherever a name has to stand. Too long for anybody to choose."""
    return f"erased:{user}"


async def forget(connection: Connection, user: str, now: datetime) -> list[str]:
    """Forget who `user` was, and the bots of theirs: the ids of all. The account is locked, and due."""
    bots = [row["id"] for row in await connection.fetch(queries.BOTS, user)]
    for each in (user, *bots):
        await connection.execute(queries.FORGET_CODES, each)
        await connection.execute(queries.FORGET_PROOFS, each)
        await connection.execute(queries.EMPTY, each, nickname_of(each), now)
        for fate in (*FATES.values(), *_OF_BOTS):
            if isinstance(fate, str):
                await connection.execute(fate, each)
    return [user, *bots]
