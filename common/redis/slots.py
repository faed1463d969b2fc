"""Where a command goes on a cluster: the slot of its keys, every master, or any. Pure.

Which words of a command are keys is the server's to know; here is what there is to know of the commands in use and
their kin. A command that is not in these tables is refused, and so is one whose keys lie in several slots: found by the
first test that runs on a cluster, not by the first operator who does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from redis.crc import REDIS_CLUSTER_HASH_SLOTS, key_slot

from common.redis.connection import Argument

SLOTS: Final[int] = REDIS_CLUSTER_HASH_SLOTS

Words = Sequence[Argument]


class Unroutable(ValueError):
    """A command that names no one place of a cluster. A mistake in the program."""


class Route(NamedTuple):
    """Where a command goes: to the master of `slot`, or when that is None to any master, or to `every` one.

    `waits`: it may wait for something to come, on a server that may stop being the right one meanwhile.
    """

    slot: int | None
    every: bool = False
    waits: bool = False


def route(command: Words) -> Route:
    """Where `command` goes. Raises `Unroutable`."""
    name = str(command[0]).upper()
    if name in _EVERY:
        return Route(None, every=True)
    if name in _ANY:
        return Route(None)
    keys_of = _KEYS.get(name)
    keys = keys_of(command) if keys_of is not None else ()
    if not keys:
        raise Unroutable(f"it is not known which words of {name} are keys")
    slot = _slot(keys[0])
    if any(_slot(key) != slot for key in keys[1:]):
        raise Unroutable(f"the keys of one {name} are in several slots: {', '.join(map(str, keys))}")
    return Route(slot, waits=name in _WAITING)


def slot_of(key: str) -> int:
    """The slot of a key."""
    return _slot(key)


def _slot(key: Argument) -> int:
    text = key if isinstance(key, bytes) else str(key).encode()
    start = text.find(b"{")
    end = text.find(b"}", start + 1)
    if start >= 0 and end > start + 1:
        return _slot_of_tag(text[start + 1 : end])
    return _hashed(text)


def _hashed(text: bytes) -> int:
    slot: int = key_slot(text)
    return slot


_slot_of_tag: Final = lru_cache(maxsize=1024)(_hashed)


def _first(command: Words) -> Words:
    return command[1:2]


def _second(command: Words) -> Words:
    return command[2:3]


def _both(command: Words) -> Words:
    return command[1:3]


def _all(command: Words) -> Words:
    return command[1:]


def _all_but_last(command: Words) -> Words:
    return command[1:-1]


def _every_other(command: Words) -> Words:
    return command[1::2]


def _counted(command: Words) -> Words:
    """EVAL and its like: `EVAL script 2 key key argument…`."""
    return command[3 : 3 + int(command[2])]


def _streams(command: Words) -> Words:
    """`XREAD … STREAMS key key id id`."""
    return _after_streams(command[1:])


def _group_streams(command: Words) -> Words:
    """`XREADGROUP GROUP group consumer … STREAMS key key id id`."""
    return _after_streams(command[4:])


def _after_streams(words: Words) -> Words:
    names = [str(word).upper() for word in words]
    rest = words[names.index("STREAMS") + 1 :] if "STREAMS" in names else ()
    return rest[: len(rest) // 2]


def _taking(keys: Callable[[Words], Words], names: str) -> dict[str, Callable[[Words], Words]]:
    return dict.fromkeys(names.split(), keys)


_EVERY: Final = frozenset(("PING", "FLUSHALL", "FLUSHDB", "KEYS", "SCRIPT"))
_ANY: Final = frozenset(("TIME", "ECHO"))
_WAITING: Final = frozenset(("XREAD", "XREADGROUP", "BLPOP", "BRPOP", "BLMOVE", "BZPOPMIN", "BZPOPMAX"))

_KEYS: Final = {
    **_taking(
        _first,
        "APPEND BITCOUNT DECR DECRBY DUMP EXPIRE EXPIREAT EXPIRETIME GEOADD GEOSEARCH GET GETBIT GETDEL GETEX GETRANGE "
        "GETSET HDEL HEXISTS HEXPIRE HGET HGETALL HINCRBY HINCRBYFLOAT HKEYS HLEN HMGET HMSET HSCAN HSET HSETNX HSTRLEN "
        "HVALS INCR INCRBY INCRBYFLOAT LINDEX LINSERT LLEN LPOP LPOS LPUSH LPUSHX LRANGE LREM LSET LTRIM PERSIST "
        "PEXPIRE PEXPIREAT PEXPIRETIME PFADD PSETEX PTTL RESTORE RPOP RPUSH RPUSHX SADD SCARD SET SETBIT SETEX SETNX "
        "SETRANGE SISMEMBER SMEMBERS SMISMEMBER SPOP SRANDMEMBER SREM SSCAN STRLEN TTL TYPE XACK XADD XAUTOCLAIM XCLAIM "
        "XDEL XLEN XPENDING XRANGE XREVRANGE XSETID XTRIM ZADD ZCARD ZCOUNT ZINCRBY ZLEXCOUNT ZMSCORE ZPOPMAX ZPOPMIN "
        "ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANK ZREM ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE ZREVRANGE "
        "ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE",
    ),
    **_taking(_all, "DEL EXISTS MGET PFCOUNT SDIFF SINTER SUNION TOUCH UNLINK"),
    **_taking(_both, "BLMOVE COPY LMOVE RENAME RENAMENX SMOVE ZRANGESTORE"),
    **_taking(_all_but_last, "BLPOP BRPOP BZPOPMIN BZPOPMAX"),
    **_taking(_every_other, "MSET MSETNX"),
    **_taking(_second, "DEBUG MEMORY OBJECT XGROUP XINFO"),
    **_taking(_counted, "EVAL EVALSHA EVALSHA_RO EVAL_RO FCALL FCALL_RO"),
    **_taking(_streams, "XREAD"),
    **_taking(_group_streams, "XREADGROUP"),
}
