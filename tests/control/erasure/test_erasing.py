"""Whoever was deleted is erased after thirty days: from every store, whatever is killed meanwhile, and nobody else is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import pytest
import trio

from common.errors import StoreUnavailable
from common.feed import ProfileChanged, WordsErased
from common.ids import uuid7
from common.mongo import Mongo
from common.postgres import Connection, Postgres
from common.s3 import S3
from common.units import DAYS
from control.erasure import erasing, queries
from control.erasure.forgetting import FATES, nickname_of
from control.export import making
from control.identity import upkeep
from control.services import Services
from tests.control.reports.conftest import Admins
from tests.control.rooms.conftest import Guest, Guests, Json, News, Talk, good, refused
from tests.control.rooms.test_plans import ask
from tests.control.uploads.conftest import picture, sent, store
from tests.support.badges import offer_badge
from tests.support.categories import offer
from tests.support.control import Control, Person

__all__ = ["store"]
PEOPLE = "/api/v1/admin/people"
SECRET = "비밀노래"  # in every word of whoever is erased
MONTH = 30 * DAYS + 1


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies are made, and people erased, when a test says so."""

    async def never(_: Services) -> None:
        await trio.sleep_forever()

    for upkeep_of in (making, erasing):
        monkeypatch.setattr(upkeep_of, "upkeep", never)


async def everything(control: Control) -> str:
    """What all stores hold, as text. Of Redis what ends by itself within a day does not count."""
    services = control.services

    async def postgres(connection: Connection) -> list[str]:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [
            f"{table['tablename']}: {row[0]}"
            for table in tables
            for row in await connection.fetch(f"SELECT t::text FROM {table['tablename']} t")
        ]

    def mongo() -> list[str]:
        database = services.mongo.database
        return [
            f"{name}: {each}" for name in database.list_collection_names() for each in database[name].find()
        ]

    found = await services.db.read(postgres) + await services.mongo.run(mongo)
    for key in await services.redis.call("KEYS", "*"):
        if key != b"{control}:feed" and not 0 < await services.redis.call("PTTL", key) <= DAYS * 1000:
            found.append(f"redis: {key.decode(errors='replace')}")
    pages = services.s3._client.get_paginator("list_objects_v2").paginate(Bucket=services.s3._bucket)
    found += [f"s3: {each['Key']}" for page in pages for each in page.get("Contents", ())]
    return "\n".join(found)


async def names(control: Control, person: Person) -> list[str]:
    """By what somebody could be known, also as the search has it: by keystrokes."""
    known = [
        person.email,
        person.phone,
        person.phone.removeprefix("+82"),
        person.nickname,
        person.name,
        SECRET,
    ]
    db = control.services.db
    return known + [await ask(db, "SELECT keystrokes($1)", each) for each in (person.nickname, SECRET)]


async def traces(life: Life) -> list[str]:
    """What is left of somebody, in any store."""
    known = await names(life.control, life.person)
    return [
        row for row in (await everything(life.control)).splitlines() if any(name in row for name in known)
    ]


class Life:
    """Somebody who left a trace everywhere, and a friend who stays."""

    def __init__(self, control: Control, person: Person, guest: Guest, friend: Guest) -> None:
        self.control = control
        self.person = person
        self.guest = guest
        self.friend = friend
        self.rooms: dict[str, str] = {}
        self.answered = ""


async def live(control: Control, guests: Guests, talk: Talk, store: httpx.AsyncClient) -> Life:
    """A full life: rooms of every kind, words, files, a bot, reports, posts, relations."""
    person = Person("sora.kim@example.org", "소라껍데기", "+821098765432", name="김소라미")
    await control.sign_up(person, gender="female")
    client = await control.log_in(person)
    me = (await client.get("/api/v1/me")).json()["id"]
    sora = Guest(me, person.nickname, "", client)
    (jun,) = await guests(1)
    await control.grant(me, "mentor")
    life = Life(control, person, sora, jun)
    owned = life.rooms["owned"] = (await sora.create())["id"]
    await jun.join(owned)
    left = life.rooms["left"] = (await jun.create())["id"]
    await sora.join(left)
    life.rooms["alone"] = (await sora.create(f"{SECRET} 방", description=SECRET))["id"]
    direct = life.rooms["direct"] = (await sora.direct(jun))["id"]
    for room in (owned, left, direct):
        await talk.come(room, sora)
        await talk.say(room, sora, f"{SECRET} 하나", f"{SECRET} 둘")
        await talk.say(room, jun, "남는 말")
        await talk.edit(room, sora, 2, f"{SECRET} 셋")
    await talk.say(life.rooms["alone"], sora, SECRET)
    await jun.http.post(f"/api/v1/rooms/{owned}/messages/3/reports", json={"reason": "spam"})
    await sora.leave(left)
    await sent(sora, store, picture(), name=f"{SECRET}.png")
    await sent(sora, store, picture(), name=f"{SECRET}.png", purpose="attachment", room=owned)
    await sora.http.post(f"/api/v1/people/{jun.id}/reports", json={"reason": "other", "words": SECRET})
    for one, other in ((sora, jun), (jun, sora)):
        await one.http.put(f"/api/v1/me/relations/friend/{other.id}")
    bot = good(await sora.http.post("/api/v1/bots", json={"nickname": f"{SECRET}봇", "about": SECRET}), 201)
    await sora.http.post(f"/api/v1/bots/{bot['id']}/tokens", json={"name": SECRET, "scopes": ["read"]})
    await sora.http.post(f"/api/v1/rooms/{owned}/links", json={})
    await write_posts(life)
    await be_a_mentor(life, store)
    await sora.http.post("/api/v1/me/exports")
    await making.make_all(control.services)
    return life


async def be_a_mentor(life: Life, store: httpx.AsyncClient) -> None:
    """A profile with pictures, an application with a certificate, the mentor's card, a follower and a mentor followed."""
    sora, jun, control = life.guest, life.friend, life.control
    await offer(control, "career")
    pictures = {
        purpose: (await sent(sora, store, picture(), name=f"{SECRET}.png", purpose=purpose))["id"]
        for purpose in ("avatar", "wallpaper", "certificate")
    }
    profile = {"status": SECRET, "avatar": pictures["avatar"], "wallpaper": pictures["wallpaper"]}
    assert (await sora.http.patch("/api/v1/me/profile", json=profile)).is_success
    words = {"company": SECRET, "department": SECRET, "introduction": SECRET * 10, "categories": ["career"]}
    await ask(control.services.db, "DELETE FROM user_roles WHERE role = 'mentor' RETURNING 1")
    applied = await sora.http.post(
        "/api/v1/me/mentor-applications", json={**words, "certificates": [pictures["certificate"]]}
    )
    application = good(applied, 201)["id"]
    await control.grant(jun.id, "mentor", "admin")
    path = f"/api/v1/admin/mentor-applications/{application}/approve"
    assert (await jun.http.post(path)).is_success
    card = "INSERT INTO mentors (user_id, company, department, introduction, hours, categories)"
    await ask(
        control.services.db, f"{card} VALUES ($1, '마당', '', '안녕', '[]', '{{career}}') RETURNING 1", jun.id
    )
    for one, other in ((sora, jun), (jun, sora)):
        assert (await one.http.put(f"/api/v1/me/follows/{other.id}")).is_success
    await give_and_take_classes(life)
    await offer_badge(control.services.db, "helper", kind="granted")
    path = f"/api/v1/admin/badges/helper/holders/{sora.id}"
    assert (await jun.http.put(path, json={"note": SECRET})).is_success
    assert (await sora.http.patch("/api/v1/me/profile", json={"badge": "helper"})).is_success
    grant = {"client_id": uuid7(), "person": sora.id, "points": 300}
    assert (await jun.http.post("/api/v1/admin/points/grants", json=grant)).is_success


async def give_and_take_classes(life: Life) -> None:
    """A class of one's own, and a place in one of another, with a review."""
    sora, jun = life.guest, life.friend

    async def make(who: Guest, words: str) -> Json:
        body = {"title": words, "description": words, "curriculum": [words], "questions": [words]}
        fixed = {
            "price": 0,
            "capacity": 2,
            "categories": ["career"],
            "starts_at": life.control.clock() + 600_000,
        }
        made = good(await who.http.post("/api/v1/classes", json=body | fixed), 201)
        return good(await who.http.post(f"/api/v1/classes/{made['id']}/open"))

    life.rooms["class"] = (await make(sora, SECRET))["room"]
    theirs = await make(jun, "남는 수업")
    path = f"/api/v1/classes/{theirs['id']}/registration"
    good(await sora.http.put(path, json={"answers": [SECRET]}))
    life.rooms["theirs"] = theirs["room"]
    said = "INSERT INTO class_reviews VALUES ($1, $2, 10, $3, now()) RETURNING 1"
    await ask(life.control.services.db, said, theirs["id"], sora.id, SECRET)


async def write_posts(life: Life) -> None:
    """A question of one's own with an answer, one without; an answer that was chosen, and a comment."""
    sora, jun = life.guest, life.friend

    async def question(who: Guest, words: str) -> str:
        body = {"title": words, "text": words, "tags": [words.strip("?")]}
        asked: str = good(await who.http.post("/api/v1/questions", json=body), 201)["id"]
        return asked

    async def answer(who: Guest, of: str, words: str) -> str:
        given: str = good(await who.http.post(f"/api/v1/questions/{of}/answers", json={"text": words}), 201)[
            "id"
        ]
        return given

    life.answered = await question(sora, f"{SECRET}?")
    await answer(jun, life.answered, "남는 답")
    await question(sora, f"{SECRET}??")
    theirs = await question(jun, "남는 물음")
    best = await answer(sora, theirs, SECRET)
    assert (await jun.http.put(f"/api/v1/questions/{theirs}/best", json={"answer": best})).status_code < 300
    assert (await sora.http.post(f"/api/v1/questions/{theirs}/comments", json={"text": SECRET})).is_success
    meeting = {"category": "meal", "capacity": 4, "meets_at": life.control.clock() + 3_600_000}
    wanted = {"title": f"{SECRET} 같이", "text": SECRET, **meeting}
    assert (await sora.http.post("/api/v1/posts", json=wanted)).is_success
    company = good(await jun.http.post("/api/v1/posts", json={"title": "같이 먹어요", **meeting}), 201)["id"]
    assert (await sora.http.post(f"/api/v1/posts/{company}/join")).is_success
    assert (await sora.http.post(f"/api/v1/posts/{company}/comments", json={"text": SECRET})).is_success
    found = good(await sora.http.post("/api/v1/posts", json=wanted), 201)["id"]
    assert (await jun.http.post(f"/api/v1/posts/{found}/join")).is_success
    life.rooms["match"] = good(await sora.http.post(f"/api/v1/posts/{found}/confirm"))["match"]["room"]


async def leave(life: Life) -> None:
    """Deleted a month ago, by now. What keeps news for a day has forgotten it."""
    control = life.control
    gone = await life.guest.http.post("/api/v1/me/deletion", json={"password": life.person.password})
    assert gone.status_code == 204
    control.clock.pass_seconds(MONTH)


async def settle(life: Life) -> None:
    """What is swept every day was swept."""
    control = life.control
    await ask(control.services.db, "UPDATE outbox SET published_at = now() - interval '2 days' RETURNING 1")
    await upkeep.once(control.services)


async def test_nothing_in_any_store_tells_who_it_was_or_what_they_said(
    control: Control, guests: Guests, talk: Talk, store: httpx.AsyncClient, news: News
) -> None:
    life = await live(control, guests, talk, store)
    before = await everything(control)
    assert all(name in before for name in await names(control, life.person)), "there is much to be erased"
    assert WORDS ^ await spoken_in(control) == set()
    for place in ("search_mentors", "mentor_applications", "events", "contact", "s3: exports/"):
        assert place in before, place
    await leave(life)
    await erasing.erase_due(control.services)
    rooms_told = {each.room for each in await news() if isinstance(each, WordsErased)}
    assert rooms_told == set(life.rooms.values())
    called = {each.user: each.nickname for each in await news() if isinstance(each, ProfileChanged)}
    assert called[life.guest.id] == nickname_of(life.guest.id)
    await settle(life)
    assert await traces(life) == []
    after = await everything(control)
    assert "s3: " not in after
    for kept in ("남는 말", "남는 답", "남는 물음", life.friend.nickname):
        assert kept in after


async def test_what_belongs_to_others_goes_on(
    control: Control, guests: Guests, talk: Talk, store: httpx.AsyncClient
) -> None:
    life = await live(control, guests, talk, store)
    gone = life.guest.id
    await leave(life)
    await erasing.erase_due(control.services)
    db = control.services.db
    owner = await ask(
        db, "SELECT user_id FROM members WHERE room_id = $1 AND role = 'owner'", life.rooms["owned"]
    )
    assert owner == UUID(life.friend.id)
    assert await ask(db, "SELECT count(*) FROM members WHERE user_id = $1", gone) == 0
    assert await ask(db, "SELECT archived_at IS NOT NULL FROM rooms WHERE id = $1", life.rooms["alone"])
    assert await ask(db, "SELECT nickname FROM users WHERE id = $1", gone) == nickname_of(gone)
    assert await ask(db, "SELECT erased_at IS NOT NULL FROM users WHERE id = $1", gone)
    assert await ask(db, "SELECT bool_and(erased_at IS NOT NULL) FROM users WHERE kind = 'bot'")
    assert await ask(db, "SELECT answers FROM questions WHERE id = $1", life.answered) == 1
    assert await ask(db, "SELECT count(*) FROM classes WHERE title = '남는 수업' AND registered = 0") == 1
    assert await ask(db, "SELECT member_count FROM rooms WHERE id = $1", life.rooms["owned"]) == 1
    assert await ask(db, "SELECT followers FROM mentors WHERE user_id = $1", life.friend.id) == 0
    assert await ask(db, "SELECT sum(points) FROM point_entries") == 0
    control.clock.pass_seconds(60)
    again = await control.sign_up(life.person)  # the address, the number and the nickname are free
    assert again.email == life.person.email


async def test_who_was_erased_may_be_erased_again_for_what_was_overlooked(
    control: Control, guests: Guests, talk: Talk, store: httpx.AsyncClient
) -> None:
    life = await live(control, guests, talk, store)
    await leave(life)
    await erasing.erase_due(control.services)
    db = control.services.db
    await ask(db, "UPDATE questions SET tags = $2 WHERE id = $1 RETURNING 1", life.answered, [SECRET])
    await ask(db, "UPDATE users SET erased_at = NULL WHERE erased_at IS NOT NULL RETURNING 1")
    await erasing.erase_due(control.services)
    await settle(life)
    assert await traces(life) == []
    assert await ask(db, "SELECT bool_and(erased_at IS NOT NULL) FROM users WHERE erasing_at IS NOT NULL")


class Killed(Exception):
    """The process is gone."""


class Mortal:
    """Stores of a process that is killed at its `calls`-th call: before it reached the store, or, every other time, after."""

    def __init__(self, services: Services, calls: int) -> None:
        self._left = calls
        self._after = calls % 2 == 1
        self.services = replace(
            services,
            db=self._mortal(services.db, Postgres, "transaction", "read"),
            mongo=self._mortal(services.mongo, Mongo, "run"),
            s3=self._mortal(services.s3, S3, "delete"),
        )

    def _mortal(self, real: Any, kind: type[Any], *names: str) -> Any:
        wrapped = kind.__new__(kind)
        wrapped.__dict__.update(real.__dict__)
        for name in names:
            setattr(wrapped, name, self._guard(getattr(real, name)))
        return wrapped

    def _guard(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def guarded(*args: Any, **kwargs: Any) -> Any:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise Killed
            answer = await call(*args, **kwargs)
            if self._left <= 0:
                raise Killed
            return answer

        return guarded


async def test_killed_at_any_step_it_goes_on_and_ends_right(
    control: Control, guests: Guests, talk: Talk, store: httpx.AsyncClient
) -> None:
    life = await live(control, guests, talk, store)
    await leave(life)
    deaths = 0
    for calls in range(1, 200):
        try:
            await erasing.erase_due(Mortal(control.services, calls).services)
        except Killed:
            deaths += 1
        else:
            break
    assert deaths > 10
    await settle(life)
    assert await traces(life) == []
    assert await ask(
        control.services.db, "SELECT bool_and(erased_at IS NOT NULL) FROM users WHERE erasing_at IS NOT NULL"
    )
    assert (
        await ask(control.services.db, "SELECT member_count FROM rooms WHERE id = $1", life.rooms["owned"])
        == 1
    )


async def test_two_processes_at_it_at_once_do_what_one_does(
    control: Control, guests: Guests, talk: Talk, store: httpx.AsyncClient
) -> None:
    life = await live(control, guests, talk, store)
    await leave(life)
    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(erasing.erase_due, control.services)
    await settle(life)
    assert await traces(life) == []


async def test_nobody_is_erased_before_the_month_is_over_or_once_restored(
    control: Control, admins: Admins, guests: Guests
) -> None:
    (sol,) = await admins(1)
    mina, jun = await guests(2)
    await ask(control.services.db, "UPDATE sessions SET expires_at = now() + interval '90 days' RETURNING 1")
    for person in (mina, jun):
        good(await sol.http.put(f"{PEOPLE}/{person.id}/deletion", json={"reason": "so"}))
    control.clock.pass_seconds(29 * DAYS)
    await erasing.erase_due(control.services)
    db = control.services.db
    assert await ask(db, "SELECT count(*) FROM users WHERE erasing_at IS NOT NULL") == 0
    await ask(db, "UPDATE users SET deleted_at = NULL WHERE id = $1 RETURNING 1", mina.id)
    control.clock.pass_seconds(2 * DAYS)
    await erasing.erase_due(control.services)
    erased = await ask(db, "SELECT array_agg(id::text) FROM users WHERE erased_at IS NOT NULL")
    assert erased == [jun.id]


async def test_whoever_is_erased_cannot_be_restored_and_is_nobody(
    control: Control, admins: Admins, guests: Guests
) -> None:
    sol, _ = await admins(2)
    (mina,) = await guests(1)
    good(await sol.http.put(f"{PEOPLE}/{mina.id}/deletion", json={"reason": "so"}))
    await ask(
        control.services.db,
        "UPDATE users SET deleted_at = now() - interval '31 days' WHERE id = $1 RETURNING 1",
        mina.id,
    )
    await erasing.erase_due(control.services)
    refused(await sol.http.delete(f"{PEOPLE}/{mina.id}/deletion"), "person_not_found")
    refused(await sol.http.get(f"{PEOPLE}/{mina.id}"), "person_not_found")
    for query in ({"id": mina.id}, {"standing": "deleted"}, {"nickname": "erased"}):
        assert good(await sol.http.get(PEOPLE, params=query))["people"] == []
    deeds = good(await sol.http.get("/api/v1/admin/audit", params={"person": mina.id}))["deeds"]
    assert [(deed["act"], deed["person"]["nickname"]) for deed in deeds] == [
        ("people.deleted", nickname_of(mina.id))
    ]


async def test_a_store_that_is_away_puts_off_the_rest(
    control: Control, guests: Guests, talk: Talk, store: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    life = await live(control, guests, talk, store)
    await leave(life)

    async def away(*_: object) -> None:
        raise StoreUnavailable("s3", "no")

    with monkeypatch.context() as patched:
        patched.setattr(control.services.s3, "delete", away)
        with pytest.raises(StoreUnavailable):
            await erasing.erase_due(control.services)
    assert await ask(control.services.db, "SELECT erased_at FROM users WHERE id = $1", life.guest.id) is None
    await erasing.erase_due(control.services)
    assert (
        await ask(control.services.db, "SELECT erased_at FROM users WHERE id = $1", life.guest.id) is not None
    )


_REFERENCES = """
SELECT cl.relname || '.' || a.attname
  FROM pg_constraint co
  JOIN pg_class cl ON cl.oid = co.conrelid
  JOIN pg_attribute a ON a.attrelid = co.conrelid AND a.attnum = ANY(co.conkey)
 WHERE co.contype = 'f' AND co.confrelid = 'users'::regclass
"""
# Kept without a reference, for speed. They are known by how they are called.
_CALLED_SO = """
SELECT table_name || '.' || column_name
  FROM information_schema.columns JOIN pg_tables ON tablename = table_name AND schemaname = table_schema
 WHERE table_schema = 'public' AND data_type = 'uuid'
   AND column_name IN ('user_id', 'owner_id', 'author_id', 'person', 'person_id', 'reporter', 'by')
"""
# These refer to a person's row in a table of its own.
BY_ANOTHER = {"point_entries.owner_id", "mentor_shelves.user_id", "match_wishes.user_id"}


async def columns(control: Control, statement: str) -> set[str]:
    async def read(connection: Connection) -> set[str]:
        return {row[0] for row in await connection.fetch(statement)}

    return await control.services.db.read(read)


async def test_every_column_that_names_a_person_has_a_fate(control: Control) -> None:
    named = await columns(control, _REFERENCES) | await columns(control, _CALLED_SO)
    assert named - BY_ANOTHER == set(FATES)


async def test_every_column_of_an_account_is_emptied_or_tells_nobody_who_it_was(control: Control) -> None:
    kept = {"id", "kind", "created_at", "erased_at"}
    every = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'users'"
    emptied = {name for name in await columns(control, every) if f" {name} = " in queries.EMPTY}
    assert await columns(control, every) == emptied | kept


# Where words of a person may be: each has some of the life that is erased.
WORDS = {
    "answers.text", "badge_awards.note", "board_comments.text", "board_shelves.shelf", "bot_tokens.name", "bots.about",
    "class_registrations.answers", "class_reviews.text", "classes.curriculum", "classes.description", "classes.questions",
    "classes.title", "match_post_comments.text", "match_post_texts.words", "match_posts.text", "match_posts.title",
    "matches.title", "mentor_applications.company", "mentor_applications.department",
    "mentor_applications.introduction", "mentors.company", "mentors.department", "mentors.introduction",
    "questions.tags", "questions.text", "questions.title", "reports.evidence", "reports.words", "rooms.description",
    "rooms.title", "uploads.name", "users.name", "users.nickname", "users.status",
}  # fmt: skip
# Whose words these are: the yard's own, or those of admins.
_OF_THE_YARD = {
    "admin_audit", "badges", "categories", "conditions", "notices", "schema_migrations", "signing_keys",
}  # fmt: skip
# Made of the words above, and gone with them.
_INDEXES = {
    "room_texts.grams",
    "match_post_texts.grams",
    "search_entries.body",
    "search_entries.head",
    "search_entries.names",
}
# What has no words of anybody: numbers, keys and marks. The rest is known by how it is called.
_SIGNS = {
    "act", "agreed_manners", "agreed_places", "badge", "category", "categories", "client_id", "code", "contact", "found_by",
    "gender", "hours", "interests", "key", "kind", "manner", "manners", "media_type", "notifications", "object", "origin",
    "outcome", "password_hash", "place", "places", "presence", "provider", "purpose", "reference", "role", "scopes", "state",
    "subject", "timezone", "topics", "treasury", "verifier", "visibility",
}  # fmt: skip
# With a reason each.
_STAY = {
    "hooks.name": "a webhook is its room's",
    "match_post_shelves.shelf": "keys",
    "matches.title_en": "Madang's own",
    "mentor_applications.reason": "of admins; goes with the application",
    "outbox.data": "for a day",
    "point_transfers.note": "of admins; a ledger is never changed",
    "reports.note": "of admins",
    "reports.reason": "one of some",
    "room_audit.detail": "the reasons in it go",
    "room_bans.reason": "goes with the ban, or with who banned",
    "rooms.history": "one of some",
    "rooms.tags": "of a room that others are in; goes when nobody is",
    "rooms.title_en": "Madang's own",
    "sessions.address": "goes with the session",
    "sessions.device": "goes with the session",
    "suspensions.reason": "of admins; goes with the suspension",
    "users.email": "emptied",
    "users.phone": "emptied",
}
_TEXTS = """
SELECT c.relname || '.' || a.attname
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND a.attnum > 0 AND NOT a.attisdropped
   AND a.atttypid IN ('text'::regtype, 'text[]'::regtype, 'json'::regtype, 'jsonb'::regtype, 'tsvector'::regtype)
"""


async def spoken_in(control: Control) -> set[str]:
    """The columns that hold the words of who is to be erased, but for what is on its way."""
    texts = await columns(control, _TEXTS) - {"outbox.data"}

    async def read(connection: Connection) -> set[str]:
        found = set[str]()
        for text in texts:
            table, column = text.split(".")
            has = f"SELECT EXISTS (SELECT FROM {table} WHERE {column}::text LIKE '%{SECRET}%')"
            if await connection.fetchval(has):
                found.add(text)
        return found

    return await control.services.db.read(read)


async def test_of_every_column_of_text_it_is_known_whose_words_are_in_it(control: Control) -> None:
    named = WORDS | _INDEXES | set(_STAY)
    texts = await columns(control, _TEXTS)
    assert named <= texts
    rest = {tuple(each.split(".")) for each in texts - named}
    assert {
        f"{table}.{column}" for table, column in rest if table not in _OF_THE_YARD and column not in _SIGNS
    } == set()


_FILES = _REFERENCES.replace("users", "uploads")
# Which rows stop referring to a file, before it goes, when its owner is erased.
HOLDERS: Json = {
    "users.avatar_id": "emptied", "users.wallpaper_id": "emptied", "avatars.upload_id": "deleted",
    "mentor_certificates.upload_id": "with the application", "board_pictures.upload_id": "with the post",
    "classes.cover_id": "emptied", "badges.upload_id": "emptied", "rooms.image_id": "emptied",
}  # fmt: skip


async def test_nothing_holds_a_file_that_is_to_go(control: Control) -> None:
    assert await columns(control, _FILES) == set(HOLDERS)
