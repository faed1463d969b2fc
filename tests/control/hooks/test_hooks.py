"""A room's webhooks: who makes, sees and revokes them, and that the address is shown once."""

from __future__ import annotations

from typing import Any

import pytest
import trio

from common.postgres import Connection
from tests.control.hooks.conftest import Hooked, hook_for
from tests.control.rooms.conftest import Guest, Guests, good, refused
from tests.support.control import Control


async def set_role(control: Control, room: str, guest: Guest, role: str) -> None:
    async def write(connection: Connection) -> None:
        await connection.execute(
            "UPDATE members SET role = $3 WHERE room_id = $1 AND user_id = $2", room, guest.id, role
        )

    await control.services.db.transaction(write)


async def test_the_address_is_shown_once_and_its_secret_kept_as_a_hash(
    control: Control, hooked: Hooked
) -> None:
    listed = await hooked.owner.http.get(f"/api/v1/rooms/{hooked.room}/hooks")
    assert good(listed) == {"hooks": [hooked.hook]}
    secret = hooked.address.rpartition("/")[2]
    assert len(secret) >= 43
    assert secret not in listed.text

    async def read(connection: Connection) -> str:
        return str(await connection.fetch("SELECT to_jsonb(h)::text FROM hooks h"))

    assert secret not in await control.services.db.read(read)


async def test_owner_and_moderators_make_see_and_revoke_webhooks_and_nobody_else(
    control: Control, hooked: Hooked, guests: Guests
) -> None:
    member, moderator, stranger = await guests(3)
    for guest in (member, moderator):
        await guest.join(hooked.room)
    await set_role(control, hooked.room, moderator, "moderator")
    path = f"/api/v1/rooms/{hooked.room}/hooks"
    for guest, code in ((member, "not_a_moderator"), (stranger, "not_a_member")):
        refused(await guest.http.post(path, json={"name": "x"}), code)
        refused(await guest.http.get(path), code)
        refused(await guest.http.delete(f"{path}/{hooked.hook['id']}"), code)
    other = await hook_for(control, moderator, hooked.room, "다른 것")
    assert [each["name"] for each in good(await moderator.http.get(path))["hooks"]] == [
        "빌드 알림",
        "다른 것",
    ]
    for _ in range(2):
        assert (await moderator.http.delete(f"{path}/{hooked.hook['id']}")).status_code == 204
    refused(await hooked.post(), "hook_revoked")
    assert (await other.post()).status_code == 202


async def test_a_webhook_is_revoked_by_the_moderators_of_its_own_room_alone(
    hooked: Hooked, guests: Guests
) -> None:
    (jun,) = await guests(1)
    own = (await jun.create())["id"]
    refused(await jun.http.delete(f"/api/v1/rooms/{own}/hooks/{hooked.hook['id']}"), "not_found")
    assert (await hooked.post()).status_code == 202


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\u0000b", "a\u200bb", None, 7])
async def test_a_webhook_has_a_name_that_can_be_seen(hooked: Hooked, name: Any) -> None:
    answer = await hooked.owner.http.post(f"/api/v1/rooms/{hooked.room}/hooks", json={"name": name})
    refused(answer, "invalid")


async def test_ten_webhooks_for_a_room_however_they_are_made(hooked: Hooked) -> None:
    codes: list[int] = []

    async def make() -> None:
        answer = await hooked.owner.http.post(f"/api/v1/rooms/{hooked.room}/hooks", json={"name": "x"})
        codes.append(answer.status_code)

    async with trio.open_nursery() as nursery:
        for _ in range(12):
            nursery.start_soon(make)
    assert sorted(codes) == [201] * 9 + [409] * 3


async def test_a_room_that_is_no_more_has_no_webhooks(hooked: Hooked) -> None:
    await hooked.owner.leave(hooked.room)
    path = f"/api/v1/rooms/{hooked.room}/hooks"
    refused(await hooked.owner.http.post(path, json={"name": "x"}), "room_not_found")
    refused(await hooked.owner.http.get(path), "room_not_found")
    refused(await hooked.post(), "hook_revoked")
