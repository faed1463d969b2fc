"""Saying something, saying it in other words, taking it back: `message.send`, `message.edit`, `message.delete`.

What speaks of nobody and nothing else is said at once; an answer, a mention and a change have to be looked up first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatd.commands.family import AtOnce, Perform
from chatd.commands.lasting import OVERTAKEN, Answer, draft_of, last, may_speak, note, stored, target
from chatd.core import rules
from chatd.membership import Membership
from common import protocol
from common.errors import MadangError
from common.roomlog.position import DeleteBody, EditBody, MessageBody

if TYPE_CHECKING:
    from chatd.connection import Connection


def _send_at_once(who: Connection, command: protocol.MessageSend) -> bool:
    if command.reply_to is not None or command.mentions or command.mention_all or command.kind != "text":
        return False
    membership = who.services.memberships.peek(who.user, command.room)
    if membership is None:
        return False
    try:
        may_speak(who, membership)
    except MadangError as refusal:
        if refusal.code in OVERTAKEN:  # perhaps it was said before
            return False
        raise
    rules.text(command.text)
    rules.carried(command.kind, command.attachments)
    draft = draft_of(_message(who, command), membership)
    who.services.writer.submit(draft, Answer(who, command.id, room=command.room))
    return True


async def _send(who: Connection, command: protocol.MessageSend) -> None:
    body = _message(who, command)
    uploads = _once(command.attachments)

    async def allow(membership: Membership) -> None:
        rules.text(command.text, command.kind)
        rules.carried(command.kind, uploads)
        if command.mention_all:
            rules.mention_all(membership.role)
        await _may_mention(who, command)
        if command.reply_to is not None:
            await target(who, command.room, command.reply_to, membership)
        if uploads:
            body.attachments = await who.services.attachments.of(
                who.user, command.room, command.kind, uploads
            )

    await last(who, command.id, body, allow)


def _message(who: Connection, command: protocol.MessageSend) -> MessageBody:
    return MessageBody(
        room=command.room,
        sender=who.user,
        client_id=command.client_id,
        text=command.text,
        reply_to=command.reply_to,
        mentions=_once(command.mentions),
        mention_all=command.mention_all,
        kind=command.kind,
        origin="bot" if who.is_bot else None,
    )


async def _edit(who: Connection, command: protocol.MessageEdit) -> None:
    async def allow(membership: Membership) -> None:
        said = await stored(who, command.room, command.of, membership)
        rules.edit(said, who.user)
        rules.text(command.text, said.event.get("kind", "text"))
        await _may_mention(who, command)

    body = EditBody(
        room=command.room,
        sender=who.user,
        client_id=command.client_id,
        of=command.of,
        text=command.text,
        by=who.user,
        mentions=_once(command.mentions),
    )
    await last(who, command.id, body, allow)


async def _delete(who: Connection, command: protocol.MessageDelete) -> None:
    async def allow(membership: Membership) -> None:
        said = await stored(who, command.room, command.of, membership)
        rules.delete(said, who.user, membership.role)
        if said.event["sender"] != who.user:
            await note(who, "message.deleted", command, said)
        if uploads := [each["id"] for each in said.event.get("attachments", ())]:
            await who.services.attachments.remove(command.room, uploads)

    body = DeleteBody(
        room=command.room, sender=who.user, client_id=command.client_id, of=command.of, by=who.user
    )
    await last(who, command.id, body, allow)


async def _may_mention(who: Connection, command: protocol.MessageSend | protocol.MessageEdit) -> None:
    if command.mentions:
        members = await who.services.memberships.among(command.mentions, command.room)
        rules.mentioned(command.mentions, members)


def _once(ids: list[str]) -> list[str]:
    return list(dict.fromkeys(ids))


AT_ONCE: Final[AtOnce] = {protocol.MessageSend: _send_at_once}
PERFORM: Final[Perform] = {
    protocol.MessageSend: _send,
    protocol.MessageEdit: _edit,
    protocol.MessageDelete: _delete,
}
