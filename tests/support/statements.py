"""The statements that control asks its stores, and PostgreSQL's plans of them, whichever code they come from.

PostgreSQL's own auto_explain tells the plan of every statement to the session that asked it, as a notice; here they are
kept. `prepare` has a database do so for all sessions that come after.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
import msgspec
import pymongo.monitoring
import pytest
import structlog

from common.postgres import Postgres

Plan = dict[str, Any]

_PREPARE: Final = """
    ALTER DATABASE {name} SET session_preload_libraries = 'auto_explain';
    ALTER DATABASE {name} SET auto_explain.log_min_duration = 0;
    ALTER DATABASE {name} SET auto_explain.log_level = 'notice';
    ALTER DATABASE {name} SET auto_explain.log_format = 'json';
    ALTER DATABASE {name} SET auto_explain.log_parameter_max_length = 0
"""
# What is asked of plans is whether an index can serve them; with few rows, and nothing analysed, reading all is cheaper.
_INDICES_ALONE: Final = """
    ALTER DATABASE {name} SET enable_seqscan = off;
    ALTER DATABASE {name} SET enable_bitmapscan = off;
    ALTER DATABASE {name} SET enable_sort = off;
    ALTER DATABASE {name} SET enable_hashjoin = off;
    ALTER DATABASE {name} SET enable_mergejoin = off
"""


async def prepare(url: str) -> None:
    """Have the database at `url` tell the plan of every statement, and prefer indices wherever there is one that serves."""
    connection = await asyncpg.connect(url)
    try:
        name = await connection.fetchval("SELECT quote_ident(current_database())")
        for statement in (_PREPARE + ";" + _INDICES_ALONE).format(name=name).split(";"):
            await connection.execute(statement)
    finally:
        connection.terminate()


@dataclass
class Asked:
    """What was asked since it was last `cleared`."""

    statements: list[tuple[str, Plan]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)  # of MongoDB

    def clear(self) -> None:
        self.statements.clear()
        self.commands.clear()

    @property
    def counts(self) -> tuple[int, int]:
        """How many statements of PostgreSQL, how many commands of MongoDB."""
        return len(self.statements), len(self.commands)


def _for_a_request() -> bool:
    """Whether this is done for somebody who asked, and not by the process for itself."""
    return "request" in structlog.contextvars.get_contextvars()


class _Commands(pymongo.monitoring.CommandListener):
    def __init__(self) -> None:
        self.asked: Asked | None = None

    def started(self, event: pymongo.monitoring.CommandStartedEvent) -> None:
        if (
            self.asked is not None
            and _for_a_request()
            and event.command_name not in {"hello", "ping", "endSessions"}
        ):
            self.asked.commands.append(event.command_name)

    def succeeded(self, event: pymongo.monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: pymongo.monitoring.CommandFailedEvent) -> None: ...


_commands = _Commands()
pymongo.monitoring.register(_commands)


@contextmanager
def listening() -> Iterator[Asked]:
    """What requests ask the stores of this process, from clients that are opened inside; but for its own upkeep."""
    asked = Asked()
    serving = set[int]()  # the connections that work for a request

    def note(self: Any, fields: dict[str, str], _: str) -> None:
        _, found, plan = fields.get("M", "").partition("plan:\n")
        if found and id(self) in serving:
            said: Plan = msgspec.json.decode(plan)
            asked.statements.append((said["Query Text"], said["Plan"]))

    def within(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def run(self: Postgres, fn: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Any:
            async def served(connection: Any, *args: Any, **kwargs: Any) -> Any:
                serving.add(id(connection._con))
                try:
                    return await fn(connection, *args, **kwargs)
                finally:
                    serving.discard(id(connection._con))

            return await method(self, served if _for_a_request() else fn, *args, **kwargs)

        return run

    async def learn(self: Any, *args: Any) -> Any:
        """Each connection asks once what a type is; which one serves a request is chance."""
        is_serving = id(self) in serving
        serving.discard(id(self))
        try:
            return await learn_types(self, *args)
        finally:
            if is_serving:
                serving.add(id(self))

    learn_types = asyncpg.Connection._introspect_types
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncpg.Connection, "_introspect_types", learn)
        patch.setattr(asyncpg.Connection, "_process_log_message", note)
        patch.setattr(Postgres, "read", within(Postgres.read))
        patch.setattr(Postgres, "transaction", within(Postgres.transaction))
        _commands.asked = asked
        try:
            yield asked
        finally:
            _commands.asked = None


def nodes(plan: Plan) -> Iterator[Plan]:
    """A plan's steps, from the top down."""
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def read_whole(plan: Plan) -> set[str]:
    """The tables that a plan reads from end to end."""
    return {
        node["Relation Name"]
        for node in nodes(plan)
        if node["Node Type"] == "Seq Scan"
        or (node["Node Type"] in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node)
    }


def sorts(plan: Plan) -> bool:
    """Whether more than a page must be put in order, rather than coming so from an index."""
    return any("Sort" in node["Node Type"] and not _is_limited(node) for node in nodes(plan))


def _is_limited(plan: Plan) -> bool:
    return any(node["Node Type"] == "Limit" for node in nodes(plan))


def name_of(statement: str) -> str:
    """A statement in few words."""
    return re.sub(r"\s+", " ", statement).strip()[:200]
