"""Random matching by many at once, over several processes, against a model, in long lines, and when something dies.

The model is what everybody would call fair: people in the order in which they came, each matched with the first in line who
shares a place and a way, and whom he may meet.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import asyncpg
import msgspec
import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st

from common.clock import from_ms
from common.errors import MadangError, StoreUnavailable
from common.postgres import Connection
from common.supervise import jittered
from common.units import SECONDS
from control import serving
from control.matching import matches
from control.matching.pairing import applying, pairing, queries, upkeep
from control.matching.pairing.views import ApplyAtRandom
from control.services import Services, open_services
from control.settings import Settings
from tests.control.conftest import EMPTY
from tests.control.rooms.conftest import Guests
from tests.support.control import Control, settings_of
from tests.support.fuzz import amount
from tests.support.hosted import Hosted, hosted
from tests.support.statements import Plan, read_whole

T = TypeVar("T")
UPKEEP = serving._UPKEEP
PLACES, WAYS = ["library", "cafe", "campus"], ["delivery", "packed", "canteen"]
MINUTE = 60  # seconds
_OFFER = """
    INSERT INTO conditions (list, key, ko, en, position)
    SELECT 'places', key, key, key, 0 FROM unnest($1::text[]) AS key
    UNION ALL SELECT 'ways', key, key, key, 0 FROM unnest($2::text[]) AS key
"""
_ADD_PEOPLE = """
    INSERT INTO users (id, email, nickname, name, phone, password_hash)
    SELECT id, id || '@example.org', 'n' || n, '', '+82' || id, '' FROM unnest($1::uuid[]) WITH ORDINALITY AS new (id, n)
"""


async def offer(connection: Connection) -> None:
    await connection.execute(_OFFER, PLACES, WAYS)


class Wish(NamedTuple):
    """Where and how somebody would like to eat."""

    places: frozenset[str]
    ways: frozenset[str]

    def fits(self, other: Wish) -> bool:
        return bool(self.places & other.places and self.ways & other.ways)

    def application(self, **more: Any) -> ApplyAtRandom:
        return ApplyAtRandom(category="meal", places=sorted(self.places), ways=sorted(self.ways), **more)


@dataclass
class Line:
    """The model: who waits, in order, and who was matched with whom."""

    blocks: set[frozenset[str]] = field(default_factory=set)
    waiting: dict[str, tuple[Wish, float]] = field(default_factory=dict)  # until when
    pairs: list[tuple[str, str]] = field(default_factory=list)  # who waited, who came

    def first_for(self, who: str, wish: Wish, now: float) -> str | None:
        return next((each for each in self._fitting(who, wish, now) if {each, who} not in self.blocks), None)

    def _fitting(self, who: str, wish: Wish, now: float) -> Iterator[str]:
        for each, (theirs, until) in self.waiting.items():
            if each != who and until > now and wish.fits(theirs):
                yield each

    def apply(self, who: str, wish: Wish, now: float = 0) -> bool:
        """Whether he was not in line already."""
        if who in self.waiting and self.waiting[who][1] > now:
            return False
        self.waiting.pop(who, None)
        first = self.first_for(who, wish, now)
        if first is None:
            self.waiting[who] = wish, now + 30 * MINUTE
        else:
            del self.waiting[first]
            self.pairs.append((first, who))
        return True

    def look_again(self, now: float) -> None:
        """Until no two are in line who may meet, from the front."""
        for who, (wish, until) in list(self.waiting.items()):
            if who in self.waiting and until > now and (other := self.first_for(who, wish, now)):
                del self.waiting[who], self.waiting[other]
                self.pairs.append((other, who))


def paired(rows: Sequence[Any]) -> Counter[frozenset[str]]:
    """How often who was matched with whom, from `_PAIRS`."""
    return Counter(frozenset(row["people"]) for row in rows)


_PAIRS = "SELECT array_agg(user_id::text) AS people FROM match_people GROUP BY match_id"
_IN_ORDER = """
    SELECT user_id::text AS id, places, manners, state FROM match_applications ORDER BY turn
"""
# What is there of matches without the rest of it; and who stands in a line without waiting.
_HALF_MADE = """
    SELECT (SELECT count(*) FROM match_applications WHERE state = 'matched') - 2 * made,
           (SELECT count(*) FROM match_people) - 2 * made,
           (SELECT count(*) FROM members m JOIN rooms r ON r.id = m.room_id AND r.kind = 'match') - 2 * made,
           (SELECT count(*) FROM match_wishes w JOIN match_applications a ON a.id = w.application_id
            WHERE a.state <> 'waiting')
    FROM (SELECT count(*) AS made FROM matches) m
"""
_BLOCK = """
    INSERT INTO relations SELECT a, b, 'blocked' FROM unnest($1::uuid[], $2::uuid[]) AS new (a, b) ON CONFLICT DO NOTHING
"""


async def fetch(services: Services, statement: str, *arguments: object) -> list[Any]:
    async def ask(connection: Connection) -> list[Any]:
        return await connection.fetch(statement, *arguments)

    return await services.db.transaction(ask)


async def assert_nothing_half_made(control: Control) -> None:
    (row,) = await fetch(control.services, _HALF_MADE)
    assert not any(row), row


def test_every_process_looks_more_often_than_once_a_second() -> None:
    (every,) = [every for _, every, look in UPKEEP if look is upkeep.once]
    assert max(jittered(every) for _ in range(100)) < 0.75 * SECONDS


# --- many at once -----------------------------------------------------------------------------------------------------


async def test_of_two_hundred_at_three_processes_everybody_is_in_one_pair_at_most_and_no_two_wait_who_fit(
    control: Control, control_settings: Settings, guests: Guests
) -> None:
    """And they are the pairs that the order of coming makes, whichever process each of them came to."""
    chance = random.Random(42)
    people = [person.id for person in await guests(201)]  # an odd number: somebody stays
    wishes = {
        person: Wish(*(frozenset(chance.sample(of, chance.choice([1, 1, 2]))) for of in (PLACES, WAYS)))
        for person in people
    }
    blocks = [chance.sample(people, 2) for _ in range(200)]
    async with AsyncExitStack() as stack:
        processes = [control.services] + [
            await stack.enter_async_context(open_services(control_settings, clock=control.clock))
            for _ in range(2)
        ]
        await control.services.db.transaction(offer)
        for each in processes:
            await each.conditions.read()
        await fetch(control.services, _BLOCK, *zip(*blocks, strict=True))
        async with trio.open_nursery() as nursery:
            for number, person in enumerate(people):
                services = processes[number % len(processes)]
                nursery.start_soon(applying.apply, services, person, wishes[person].application())
    line = Line(blocks={frozenset(each) for each in blocks})
    came = await fetch(control.services, _IN_ORDER)
    assert len(came) == 201
    for row in came:
        line.apply(row["id"], wishes[row["id"]])
    assert paired(await fetch(control.services, _PAIRS)) == Counter(frozenset(each) for each in line.pairs)
    assert {row["id"] for row in came if row["state"] == "waiting"} == line.waiting.keys()
    assert len(line.pairs) > 80
    assert line.waiting
    await assert_nothing_half_made(control)


async def test_of_one_person_at_many_doors_one_application_is_in_line(
    control: Control, guests: Guests
) -> None:
    (mina,) = await guests(1)
    await control.services.db.transaction(offer)
    await control.services.conditions.read()
    wish = Wish(frozenset(PLACES), frozenset(WAYS))
    outcomes: Counter[str] = Counter()

    async def apply(**more: Any) -> None:
        try:
            outcomes[(await applying.apply(control.services, mina.id, wish.application(**more))).state] += 1
        except MadangError as refusal:
            outcomes[refusal.code] += 1

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(apply)
    assert outcomes == {"waiting": 1, "already_applied": 4}
    (made,) = (await applying.mine(control.services, mina.id)).applications
    async with trio.open_nursery() as nursery:
        for _ in range(2):
            nursery.start_soon(applying.cancel, control.services, mina.id, made.id)
    outcomes.clear()
    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(lambda: apply(client_id="the-same-one"))
    assert outcomes == {"waiting": 5}


async def test_who_cancels_while_somebody_comes_is_matched_or_gone_and_never_both(
    control: Control, guests: Guests
) -> None:
    people = await guests(20)
    await control.services.db.transaction(offer)
    await control.services.conditions.read()
    wish = Wish(frozenset(PLACES[:1]), frozenset(WAYS[:1])).application()
    outcomes: Counter[str] = Counter()

    async def cancel(user: str, application: str) -> None:
        try:
            await applying.cancel(control.services, user, application)
            outcomes["cancelled"] += 1
        except MadangError as refusal:
            outcomes[refusal.code] += 1

    for one, other in zip(people[::2], people[1::2], strict=True):
        made = await applying.apply(control.services, one.id, wish)
        if made.state == "matched":  # with who came in vain before
            continue
        async with trio.open_nursery() as nursery:
            nursery.start_soon(cancel, one.id, made.id)
            nursery.start_soon(applying.apply, control.services, other.id, wish)
    matched = len(await fetch(control.services, _PAIRS))
    (cancelled,) = await fetch(
        control.services, "SELECT count(*) FROM match_applications WHERE state = 'cancelled'"
    )
    assert cancelled[0] == outcomes["cancelled"]
    assert matched >= outcomes["already_matched"]
    assert set(outcomes) <= {"cancelled", "already_matched"}
    await assert_nothing_half_made(control)


# --- whatever happens, in any order -----------------------------------------------------------------------------------

SOME = [f"00000000-0000-7000-8000-{n:012}" for n in range(9)]
who = st.sampled_from(SOME)
wish = st.builds(
    Wish,
    st.frozensets(st.sampled_from(PLACES), min_size=1, max_size=2),
    st.frozensets(st.sampled_from(WAYS), min_size=1, max_size=2),
)
apply = st.tuples(st.just("apply"), who, wish)
deeds = st.one_of(
    *[apply] * 6,
    st.tuples(st.just("cancel"), who),
    st.tuples(st.just("block"), who, who),
    st.tuples(st.just("unblock"), who, who),
    st.tuples(st.just("wait"), st.sampled_from([1, 16 * MINUTE])),
    st.tuples(st.just("look")),
)


class Yard:
    """A line in the database, and the model of it."""

    def __init__(self, control: Hosted) -> None:
        self.control = control

    def begin(self) -> None:
        self.line = Line()
        self.now = 0.0
        self._sql("DELETE FROM match_applications")
        self._sql("DELETE FROM match_people")
        self._sql("DELETE FROM matches")
        self._sql("DELETE FROM relations")

    def _sql(self, statement: str, *arguments: object) -> list[Any]:
        return self.control.run(fetch, self.control.services, statement, *arguments)

    def _run(self, fn: Any, *arguments: Any) -> Any:
        return self.control.run(fn, self.control.services, *arguments)

    def apply(self, who: str, wish: Wish) -> None:
        if not self.line.apply(who, wish, self.now):
            with pytest.raises(MadangError, match="already_applied"):
                self._run(applying.apply, who, wish.application())
            return
        made = self._run(applying.apply, who, wish.application())
        assert (made.state == "waiting") == (who in self.line.waiting)

    def cancel(self, who: str) -> None:
        self.line.waiting.pop(who, None)
        for each in self._run(applying.mine, who).applications:
            if each.state in {"waiting", "expired"}:
                self._run(applying.cancel, who, each.id)

    def block(self, one: str, other: str) -> None:
        if one != other:
            self.line.blocks.add(frozenset({one, other}))
            self._sql(_BLOCK, [one], [other])

    def unblock(self, one: str, other: str) -> None:
        self.line.blocks.discard(frozenset({one, other}))
        self._sql("DELETE FROM relations WHERE user_id IN ($1, $2) AND other_id IN ($1, $2)", one, other)

    def wait(self, seconds: int) -> None:
        self.now += seconds
        self.control.clock.pass_seconds(seconds)

    def look(self) -> None:
        self._run(upkeep.once)
        self.line.look_again(self.now)

    def check(self) -> None:
        assert paired(self._sql(_PAIRS)) == Counter(frozenset(each) for each in self.line.pairs)
        in_line = "SELECT user_id::text AS id FROM match_applications WHERE state = 'waiting' AND expires_at > $1 ORDER BY turn"
        assert [row["id"] for row in self._sql(in_line, from_ms(self.control.clock()))] == [
            each for each, (_, until) in self.line.waiting.items() if until > self.now
        ]


@pytest.fixture
def yard(
    control_database: str, redis_url: str, mongo_url: str, s3_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Yard]:
    # Hypothesis minds it when somebody else draws from the common generator while it does.
    for module in ("common.supervise", "common.redis.cluster"):
        monkeypatch.setattr(f"{module}.random", random.Random(1))
    settings = settings_of(
        database_url=control_database, redis_url=redis_url, mongo_url=mongo_url, s3_url=s3_url
    )
    with hosted(settings) as control:

        async def prepare(connection: Connection) -> None:
            await connection.execute(EMPTY)
            await offer(connection)
            await connection.execute(_ADD_PEOPLE, SOME)

        control.run(control.services.db.transaction, prepare)
        control.run(control.services.conditions.read)
        yield Yard(control)


@amount(15)
@given(done=st.lists(deeds, min_size=15, max_size=40))
def test_pairs_are_those_of_the_order_of_coming_whatever_happens(yard: Yard, done: list[Any]) -> None:
    yard.begin()
    for name, *arguments in done:
        getattr(yard, name)(*arguments)
    yard.look()
    yard.check()


# --- when something dies ----------------------------------------------------------------------------------------------


async def test_who_is_killed_while_he_pairs_leaves_no_half_of_it(
    control: Control, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    mina, jun = await guests(2)
    await control.services.db.transaction(offer)
    await control.services.conditions.read()
    wanted = Wish(frozenset(PLACES), frozenset(WAYS)).application(client_id="sent-once-more")
    await applying.apply(control.services, mina.id, wanted)
    make = matches.make

    async def die(connection: Connection, **match: Any) -> Any:
        await make(connection, **match)
        await connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patch:
        patch.setattr(pairing.matches, "make", die)
        with pytest.raises(StoreUnavailable):
            await applying.apply(control.services, jun.id, wanted)
    assert [row["state"] for row in await fetch(control.services, _IN_ORDER)] == ["waiting"]
    for table in ("matches", "match_people", "rooms", "members"):
        assert (await fetch(control.services, f"SELECT count(*) FROM {table}"))[0][0] == 0
    assert (await applying.apply(control.services, jun.id, wanted)).state == "matched"
    await assert_nothing_half_made(control)


async def test_who_fails_while_he_holds_the_line_holds_nobody_up(
    control: Control, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    mina, jun = await guests(2)
    await control.services.db.transaction(offer)
    await control.services.conditions.read()
    wanted = Wish(frozenset(PLACES[1:]), frozenset(WAYS[1:])).application()
    with monkeypatch.context() as patch:
        patch.setattr(queries, "CLAIM", "SELECT $1, $2, $3, $4, $5 FROM nowhere")
        with pytest.raises(asyncpg.UndefinedTableError):
            await applying.apply(control.services, mina.id, wanted)
    with trio.CancelScope() as gone:  # somebody hangs up in the midst of it

        async def hang(*_: object) -> bool:
            gone.cancel()
            return True

        with monkeypatch.context() as patch:
            patch.setattr(applying, "pair", hang)
            await applying.apply(control.services, mina.id, wanted)
    other = Wish(frozenset(PLACES[:1]), frozenset(WAYS[:1])).application()
    assert (await applying.apply(control.services, jun.id, other)).state == "waiting"


async def test_who_was_passed_over_for_somebody_who_then_failed_is_matched_at_the_next_look(
    control: Control, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    mina, jun, sora = await guests(3)
    await control.services.db.transaction(offer)
    await control.services.conditions.read()
    wanted = Wish(frozenset(PLACES), frozenset(WAYS)).application()
    await applying.apply(control.services, mina.id, wanted)
    claimed = trio.Event()
    is_in_line = "SELECT EXISTS (SELECT FROM match_applications WHERE user_id = $1)"

    async def fail_once_sora_waits(connection: Connection, **_: Any) -> Any:
        claimed.set()
        while not await connection.fetchval(is_in_line, sora.id):
            await connection.fetchval("SELECT pg_sleep(0.01)")
        raise RuntimeError("the process died")

    async def apply(who: str) -> None:
        with pytest.raises(RuntimeError):
            await applying.apply(control.services, who, wanted)

    async with trio.open_nursery() as nursery:
        with monkeypatch.context() as patch:
            patch.setattr(pairing.matches, "make", fail_once_sora_waits)
            nursery.start_soon(apply, jun.id)
            await claimed.wait()
            patch.undo()
            assert (await applying.apply(control.services, sora.id, wanted)).state == "waiting"
    assert await upkeep.look_again(control.services) == 1
    assert paired(await fetch(control.services, _PAIRS)) == Counter([frozenset({mina.id, sora.id})])


# --- in long lines ----------------------------------------------------------------------------------------------------

LONG = 100_000
_MANY = """
    WITH many AS (
        INSERT INTO match_applications (user_id, category, places, manners, applied_at, expires_at)
        SELECT uuidv7(), 'meal', ARRAY['p' || n % 331], ARRAY['w' || n % 97], $2, $3 FROM generate_series(1, $1) AS n
        RETURNING *
    )
    INSERT INTO match_wishes
    SELECT id, category, place, manner, turn, user_id, expires_at
    FROM many, unnest(places) AS place, unnest(manners) AS manner
"""


async def test_a_pair_is_found_by_the_heads_of_some_lines_however_long_they_are(control: Control) -> None:
    """A hundred thousand in line; whoever comes looks for a hundred things at once, and reads a few pages for each."""
    now = from_ms(control.clock.now_ms)
    mine = ["00000000-0000-7000-8000-000000000000", "meal"]

    async def fill(connection: Connection) -> None:
        await connection.execute(
            "SET LOCAL session_replication_role = replica"
        )  # of people who are not there
        await connection.execute(_MANY, LONG, now, now + applying.LIFE, timeout=MINUTE)

    async def explain(connection: Connection, statement: str, *arguments: object) -> Plan:
        said = await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", *arguments)
        plan: Plan = msgspec.json.decode(said)[0]["Plan"]
        return plan

    async def look(connection: Connection) -> list[Plan]:
        await connection.execute("ANALYZE match_applications, match_wishes", timeout=MINUTE)
        ten = range(10)
        found = [[f"p{n}" for n in ten], [f"w{n}" for n in ten]]
        vain = [[f"p{n}" for n in ten], [f"nothing-{n}" for n in ten]]
        return [
            await explain(connection, queries.CLAIM, *mine, *found, now),
            await explain(connection, queries.CLAIM, *mine, *vain, now),
            await explain(connection, queries.FREED, now, 100),
            await explain(connection, queries.LAPSE_SOME, now, 100),
            await explain(connection, queries.MINE, mine[0], ["study", "meal"]),
        ]

    async def clear(connection: Connection) -> None:
        await connection.execute("TRUNCATE match_applications, match_wishes")

    try:
        await control.services.db.transaction(fill)
        plans = await control.services.db.transaction(look)
    finally:
        with trio.CancelScope(shield=True):
            await control.services.db.transaction(clear)
    claimed, in_vain, _, lapsed, newest = plans
    assert (claimed["Actual Rows"], in_vain["Actual Rows"]) == (1, 0)
    for plan in (claimed, in_vain, lapsed, newest):
        assert not read_whole(plan) & {"match_applications", "match_wishes"}, plan
    pages = [plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] for plan in plans]
    assert pages[0] < 100 * 60, pages  # three are in each of these lines, and each of them is asked about
    assert pages[1] < 100 * 5, pages
    assert max(pages[2:]) < 50, pages
