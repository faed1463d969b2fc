"""`python -m control`: serve, or one of the operator's commands."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Final

import trio

from common import aio, logs
from common.clock import from_ms, now_ms
from common.errors import StoreUnavailable
from common.lifecycle import GRACE, Shutdown, watch_signals
from common.postgres import open_postgres
from common.settings import BadSettings, Environment, reading
from control import migrations
from control.admin import appointing
from control.identity import keys
from control.identity.accounts import fold_email
from control.sealing import Sealer
from control.services import open_services
from control.serving import CannotStart, run
from control.settings import Settings, read_settings

_log = logs.get_logger(__name__)
_CANNOT_START: Final = 1
_BAD_SETTINGS: Final = 78  # EX_CONFIG of sysexits(3)
_EXPECTED: Final = (CannotStart, migrations.SchemaDrift, StoreUnavailable)


async def serve(settings: Settings) -> None:
    """Serve until asked to stop."""
    shutdown = Shutdown()
    async with trio.open_nursery() as nursery:
        await nursery.start(partial(watch_signals, shutdown, grace=GRACE))
        async with aio.open_loop(), open_services(settings, shutdown=shutdown) as services:
            await run(services)
        nursery.cancel_scope.cancel()
    _log.info("stopped")


async def migrate(database_url: str) -> None:
    """Bring the database's schema up to this program."""
    async with aio.open_loop(), open_postgres(database_url) as db:
        applied = await migrations.apply(db)
    _log.info("migrated", applied=applied)


async def rotate_keys(database_url: str, secret: str) -> None:
    """Let the next key sign from now on."""
    async with aio.open_loop(), open_postgres(database_url) as db:
        kid = await db.transaction(keys.rotate, Sealer(secret, "signing keys"), from_ms(now_ms()))
    _log.info("signing keys were rotated", signing=kid)


async def appoint(database_url: str, email: str) -> None:
    """Make somebody an admin whom nobody else can. Raises `CannotStart`."""
    async with aio.open_loop(), open_postgres(database_url) as db:
        try:
            user = await db.transaction(appointing.appoint, fold_email(email), from_ms(now_ms()))
        except LookupError as fault:
            raise CannotStart(str(fault.args[0])) from None
    _log.info("an admin was appointed", person=user)


async def seed(settings: Settings) -> None:
    """Fill the database with demo data."""
    from control.demo.seed import seed as plant

    async with aio.open_loop(), open_services(settings) as services:
        await plant(services)


async def seed_rooms(settings: Settings, count: int) -> None:
    """Add rooms by the thousand, to see what lists cost."""
    from control.demo.crowd import fill

    async with aio.open_loop(), open_services(settings) as services:
        await fill(services, count)


def main(arguments: list[str]) -> int:
    """Run the command that `arguments` name; its exit status."""
    try:
        command = _command(arguments)
    except BadSettings as bad:
        sys.stderr.writelines(f"control: {fault}\n" for fault in bad.faults)
        return _BAD_SETTINGS
    status = 0
    try:
        trio.run(command)
    except* _EXPECTED as faults:
        sys.stderr.writelines(f"control: {fault}\n" for fault in _leaves(faults))
        status = _CANNOT_START
    return status


def _command(arguments: list[str]) -> Callable[[], Awaitable[None]]:
    """What to run. Raises `BadSettings` when the environment lacks what it needs."""
    asked = _parser().parse_args(arguments)
    match asked.command:
        case "migrate":
            _log_for_people()
            with reading(os.environ) as env:
                database_url = _database_url(env)
            return partial(migrate, database_url)
        case "admin":
            _log_for_people()
            with reading(os.environ) as env:
                database_url = _database_url(env)
            return partial(appoint, database_url, asked.email)
        case "keys":
            _log_for_people()
            with reading(os.environ) as env:
                database_url, secret = _database_url(env), env.text("MADANG_SECRET", min_length=32)
            return partial(rotate_keys, database_url, secret)
    settings = read_settings(os.environ)
    logs.configure(style=settings.log_format, level=settings.log_level, program="control")
    match asked.command:
        case "seed":
            return partial(seed, settings)
        case "seed-rooms":
            return partial(seed_rooms, settings, asked.count)
    return partial(serve, settings)


def _database_url(env: Environment) -> str:
    return env.url("DATABASE_URL", "postgresql", "postgres")


def _log_for_people() -> None:
    logs.configure(style="console", level="INFO", program="control")


def _leaves(group: BaseExceptionGroup[Exception]) -> Iterator[BaseException]:
    for fault in group.exceptions:
        if isinstance(fault, BaseExceptionGroup):
            yield from _leaves(fault)
        else:
            yield fault


def _count(word: str) -> int:
    """A number above 0. Raises ValueError, of which argparse makes a sentence."""
    if (count := int(word)) < 1:
        raise ValueError(word)
    return count


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="control", description="Madang's HTTP control plane. Without a command: serve."
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("migrate", help="bring the database's schema up to this program")
    commands.add_parser("seed", help="fill the database with demo data")
    crowd = commands.add_parser("seed-rooms", help="add rooms by the thousand, to see what lists cost")
    crowd.add_argument("--count", type=_count, default=1_000_000, help="how many (1,000,000)")
    admin = commands.add_parser(
        "admin", help="make somebody an admin: the first one, whom no admin can appoint"
    )
    admin.add_argument("email", help="the e-mail address they signed up with")
    keys = commands.add_parser("keys", help="the keys that sign access tokens")
    keys.add_argument("action", choices=["rotate"], help="rotate: the next key signs from now on")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
