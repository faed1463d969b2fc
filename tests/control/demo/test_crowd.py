"""Rooms by the thousand: as sound as rooms that people made."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from typing import Any

import pytest
import trio

from common import aio
from common.postgres import Connection, Postgres
from control import __main__ as program
from control.demo import crowd
from control.demo.progress import Progress
from control.services import open_services
from control.serving import CannotStart
from control.settings import Settings
from tests.support.control import Control, program_environment

_SOUND = """
    SELECT count(*) AS rooms,
           bool_and(member_count = (SELECT count(*) FROM members m WHERE m.room_id = r.id)) AS counted,
           bool_and(1 = (SELECT count(*) FROM members m WHERE m.room_id = r.id AND m.role = 'owner')) AS owned,
           count(*) FILTER (WHERE visibility <> 'private') AS listed,
           count(*) FILTER (WHERE visibility = 'public' AND NOT is_full) AS possible,
           (SELECT total FROM room_place('', false, 0)) AS listed_total,
           (SELECT total FROM room_place('', true, 0)) AS possible_total,
           (SELECT count(*) FROM room_texts) AS texts,
           (SELECT count(*) FROM room_tally_notes) AS notes
    FROM rooms r
"""


async def sound(db: Postgres, rooms: int) -> None:
    """There are so many, counted and listed as they are."""

    async def ask(connection: Connection) -> Any:
        return await connection.fetchrow(_SOUND)

    row = await db.read(ask)
    assert (row["rooms"], row["counted"], row["owned"]) == (rooms, True, True)
    assert row["listed"] == row["listed_total"] == row["texts"]
    assert rooms > row["possible"] == row["possible_total"] > rooms // 2
    assert row["notes"] == 0


async def test_the_command_adds_rooms_as_often_as_it_is_run_and_tells_how_far_it_is(control: Control) -> None:
    environment = program_environment(control.services.settings)
    for times in (1, 2):
        ran = await trio.run_process(
            [sys.executable, "-m", "control", "seed-rooms", "--count", "300"],
            env=environment,
            capture_stderr=True,
            check=False,
        )
        said = ran.stderr.decode()
        assert ran.returncode == 0, said
        assert "100%" in said
        assert "300 rooms in" in said
        await sound(control.services.db, 300 * times)


async def test_villagers_cannot_log_in(control: Control) -> None:
    await crowd.plant(control.services.db, 10, Progress("rooms", 10, io.StringIO()))
    for password in ("", "*", "villager1"):
        answer = await control.http.post(
            "/api/v1/sessions", json={"email": "villager1@example.com", "password": password}
        )
        assert answer.status_code in {401, 422}


async def test_production_is_refused(control_settings: Settings) -> None:
    async with aio.open_loop(), open_services(replace(control_settings, profile="production")) as services:
        with pytest.raises(CannotStart, match="production"):
            await crowd.fill(services, 1)


@pytest.mark.parametrize("count", ["0", "-1", "many", "1.5"])
def test_how_many_is_a_number_above_nothing(count: str) -> None:
    with pytest.raises(SystemExit):
        program.main(["seed-rooms", "--count", count])


def test_a_terminal_sees_a_bar_and_a_log_a_line_for_each_tenth() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for out, lines in ((Terminal(), 2), (io.StringIO(), 11)):
        progress = Progress("rooms", 1000, out)
        for _ in range(40):
            progress.add(25)
        progress.end()
        assert out.getvalue().count("\n") == lines
        assert "1,000 rooms in" in out.getvalue()
        assert " 50%  500 rooms" in out.getvalue()
