"""What becomes of a message: edits, tombstones, reactions, pins, replies and mentions; over two replicas."""

from __future__ import annotations

from typing import Any

from common.ids import uuid7
from tests.support.rawsocket import Raw
from tests.support.visit import say, visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]


async def do(
    raw: Raw, command: str, room: str, of: int, client_id: str | None = None, **more: Any
) -> dict[str, Any]:
    """A change that is granted: its place."""
    ok: dict[str, Any] = await raw.ok(command, room=room, of=of, client_id=client_id or uuid7(), **more)
    return ok


async def refused(raw: Raw, command: str, room: str, of: int, **more: Any) -> str:
    """The code of a refusal."""
    code: str = (await raw.refused(command, room=room, of=of, client_id=uuid7(), **more))["code"]
    return code


async def page(raw: Raw, room: str) -> dict[str, Any]:
    found: dict[str, Any] = await raw.ok("history.page", room=room, limit=100)
    return found


async def state(raw: Raw, room: str, seq: int) -> dict[str, Any]:
    """What a message has become, as this reader is told; without its seq."""
    states = {each.pop("seq"): each for each in (await page(raw, room))["states"]}
    found: dict[str, Any] = states.get(seq, {})
    return found


# --- edits ------------------------------------------------------------------------------------------------------------


async def test_an_edit_is_an_event_of_its_own_and_the_state_of_its_message(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        said = await say(m, room, "점심?")
        place = await do(m, "message.edit", room, said["seq"], text="저녁?")
        assert place["seq"] == said["seq"] + 1
        assert place["mseq"] == said["mseq"]
        heard = await j.hears("message.edited")
        assert heard["of"] == said["seq"]
        assert (heard["text"], heard["by"], heard["seq"]) == ("저녁?", mina.id, place["seq"])
        assert await state(j, room, said["seq"]) == {
            "edited": {"seq": place["seq"], "at": place["at"], "text": "저녁?"}
        }


async def test_a_deleted_message_leaves_a_tombstone_and_its_words_are_nowhere(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        said = await say(m, room, "a secret")
        await do(m, "message.edit", room, said["seq"], text="the secret, in other words")
        gone = await do(m, "message.delete", room, said["seq"])
        assert (await j.hears("message.deleted"))["of"] == said["seq"]
        for reader in (m, j):
            shown = await page(reader, room)
            assert "secret" not in str(shown)
            assert await state(reader, room, said["seq"]) == {
                "deleted": {"seq": gone["seq"], "at": gone["at"], "by": mina.id}
            }
