"""Advisory locks of PostgreSQL: all of them, since their numbers are the database's, and two of one number would be one lock."""

from __future__ import annotations

from enum import IntEnum, unique


@unique
class Lock(IntEnum):
    """What is done by one at a time, of all processes together. "MADANG" in ASCII, and a number; never given anew."""

    MIGRATIONS = 0x4D41_4441_4E47
    RELAY = 0x4D41_4441_4E47_01
    ADMINS = 0x4D41_4441_4E47_02
    ERASING = 0x4D41_4441_4E47_03
    EXPORTS = 0x4D41_4441_4E47_04
    OLD_EXPORTS = 0x4D41_4441_4E47_05
    RANDOM_MEALS = 0x4D41_4441_4E47_06
    RANDOM_STUDY = 0x4D41_4441_4E47_07
    TALLIES = 0x4D41_4441_4E47_08
