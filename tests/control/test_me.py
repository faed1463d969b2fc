"""What people change of their own accounts."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from common import feed
from common.postgres import Connection
from tests.support.control import Control


async def news(control: Control) -> list[feed.AnyChange]:
    """What was announced of presence, the oldest first."""

    async def select(connection: Connection) -> list[Any]:
        return await connection.fetch("SELECT data FROM outbox ORDER BY id")

    decoded = [
        msgspec.json.decode(row["data"], type=feed.AnyChange)
        for row in await control.services.db.read(select)
    ]
    return [change for change in decoded if isinstance(change, feed.PresenceChanged)]


async def test_everybody_may_know_whether_i_am_here_until_i_say_otherwise(control: Control) -> None:
    arin = await control.log_in(await control.sign_up())
    me = (await arin.get("/api/v1/me")).json()
    assert me["presence"] == "everyone"
    for setting in ("friends", "nobody", "nobody", "everyone"):
        answer = await arin.patch("/api/v1/me", json={"presence": setting})
        assert answer.status_code == 200
        assert answer.json() == {**me, "presence": setting}
        assert (await arin.get("/api/v1/me")).json()["presence"] == setting
    assert await news(control) == [feed.PresenceChanged(user=me["id"])] * 3  # what changed nothing is no news


async def test_what_is_left_out_stays(control: Control) -> None:
    arin = await control.log_in(await control.sign_up())
    await arin.patch("/api/v1/me", json={"presence": "nobody"})
    assert (await arin.patch("/api/v1/me", json={})).json()["presence"] == "nobody"


@pytest.mark.parametrize("presence", ["", "nobody ", None, 7, ["nobody"]])
async def test_a_setting_that_is_none_is_refused(control: Control, presence: object) -> None:
    arin = await control.log_in(await control.sign_up())
    answer = await arin.patch("/api/v1/me", json={"presence": presence})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert await news(control) == []


async def test_a_stranger_changes_nobodys_account(control: Control) -> None:
    answer = await control.http.patch("/api/v1/me", json={"presence": "nobody"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_name_gender_and_by_what_i_am_found_are_mine_to_change(control: Control) -> None:
    arin = await control.log_in(await control.sign_up(gender="female"))
    me = (await arin.get("/api/v1/me")).json()
    assert me["found_by"] == ["nickname", "email", "phone"]
    wanted = {"name": " 김  바다 ", "gender": None, "found_by": []}
    changed = (await arin.patch("/api/v1/me", json=wanted)).json()
    assert changed == {**me, "name": "김 바다", "gender": None, "found_by": []}
    assert (await arin.patch("/api/v1/me", json={"gender": "other"})).json() == {**changed, "gender": "other"}


@pytest.mark.parametrize(
    "wanted", [{"name": " "}, {"name": None}, {"gender": "cat"}, {"found_by": ["name"]}, {"found_by": None}]
)
async def test_what_is_not_allowed_of_an_account_is_named(control: Control, wanted: dict[str, Any]) -> None:
    arin = await control.log_in(await control.sign_up())
    before = (await arin.get("/api/v1/me")).json()
    answer = await arin.patch("/api/v1/me", json=wanted)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert all(where.startswith(next(iter(wanted))) for where in answer.json()["fields"])
    assert (await arin.get("/api/v1/me")).json() == before
