"""Databases with control's tables. They are made once for each PostgreSQL, and copied: to migrate takes four times as long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import trio

from common import aio
from common.postgres import open_postgres
from control import migrations
from deploy.embedded.postgres import Postgres

_TEMPLATE: Final = "migrated"


def create_migrated(postgres: Postgres, name: str) -> str:
    """Make a database of that name, as `python -m control migrate` leaves one; its URL."""
    if not postgres.query(f"SELECT 1 FROM pg_database WHERE datname = '{_TEMPLATE}'"):
        url = postgres.create_database("unfinished")
        with ThreadPoolExecutor(1) as thread:  # where no Trio runs, as it does around a test
            thread.submit(trio.run, _migrate, url).result()
        postgres.query(f"ALTER DATABASE unfinished RENAME TO {_TEMPLATE}")
    return postgres.create_database(name, template=_TEMPLATE)


async def _migrate(url: str) -> None:
    async with aio.open_loop(), open_postgres(url) as db:
        await migrations.apply(db)
