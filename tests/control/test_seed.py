"""Demo data: made once, by the front door's own services."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from common import aio
from control import migrations
from control.seed import plant
from control.services import open_services
from control.serving import CannotStart
from control.settings import Settings
from tests.support.control import Control, program_environment


async def test_two_people_are_in_the_yard_and_can_log_in(control: Control) -> None:
    planted = await plant(control.services)
    assert await plant(control.services) == planted
    (yard,) = planted.rooms
    assert yard.title == "마당"
    for account in planted.accounts:
        answer = await control.http.post(
            "/api/v1/sessions", json={"email": account.email, "password": account.password}
        )
        client = control.with_token(answer.json()["access_token"])
        assert (await client.get("/api/v1/me")).json()["nickname"] == account.nickname
        (room,) = (await client.get("/api/v1/rooms/mine")).json()["rooms"]
        assert (room["id"], room["member_count"]) == (yard.id, 2)


async def test_who_has_a_demo_name_already_is_said_in_one_line(control: Control) -> None:
    person = await control.sign_up()
    await control.services.db.transaction(
        lambda connection: connection.execute(
            "UPDATE users SET nickname = '하늘' WHERE email = $1", person.email
        )
    )
    with pytest.raises(CannotStart, match="하늘"):
        await plant(control.services)


async def test_production_is_refused(control_settings: Settings) -> None:
    settings = replace(control_settings, profile="production")
    async with aio.open_loop(), open_services(settings) as services:
        with pytest.raises(CannotStart, match="production"):
            await plant(services)


async def test_the_command_prints_one_line_of_json(control_settings: Settings) -> None:
    async with aio.open_loop(), open_services(control_settings) as services:
        await migrations.apply(services.db)
    ran = subprocess.run(  # noqa: ASYNC221 - nothing else runs in this test
        [sys.executable, "-m", "control", "seed"],
        env=program_environment(control_settings),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    (line,) = ran.stdout.splitlines()
    planted: dict[str, Any] = json.loads(line)
    assert [account["nickname"] for account in planted["accounts"]] == ["하늘", "바다"]
    assert planted["rooms"][0]["join_code"]
