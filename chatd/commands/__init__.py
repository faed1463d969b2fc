"""What each command does: one module a family.

A family's `AT_ONCE` holds what needs no store, done in the reader's own step; its `PERFORM` the rest. A command may be
in both: what cannot be done at once says so and is performed. Every command is authorised by its family, by the
session's rules and the membership of the moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatd.commands import (
    call,
    edits,
    emotes,
    history,
    marks,
    messages,
    presence,
    reading,
    rooms,
    session,
    timer,
)
from chatd.commands.family import AtOnce, Perform
from common import protocol

if TYPE_CHECKING:
    from chatd.connection import Connection

_FAMILIES: Final = (
    session,
    rooms,
    messages,
    marks,
    history,
    edits,
    reading,
    timer,
    emotes,
    call,
    presence,
)
_AT_ONCE: Final[AtOnce] = {command: do for family in _FAMILIES for command, do in family.AT_ONCE.items()}
_PERFORM: Final[Perform] = {command: do for family in _FAMILIES for command, do in family.PERFORM.items()}


def at_once(who: Connection, command: protocol.AnyCommand) -> bool:
    """Do `command` now if that needs no waiting; False when it does. Raises MadangError."""
    do = _AT_ONCE.get(type(command))
    return do is not None and do(who, command)


async def perform(who: Connection, command: protocol.AnyCommand) -> None:
    """Do what `at_once` could not. Raises MadangError, StoreUnavailable."""
    do = _PERFORM.get(type(command))
    if do is not None:
        await do(who, command)
    elif not at_once(who, command):
        raise AssertionError(command)
