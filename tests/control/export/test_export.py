"""A copy has everything that is its owner's and nothing of anybody else; it is made once, whatever is killed, and goes."""

from __future__ import annotations

import io
import json
import os
import zipfile
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
import pytest
import trio

from common import s3 as s3_module
from common.errors import StoreUnavailable
from common.units import DAYS, MIB
from control.erasure.forgetting import FATES
from control.export import contents, making, zipping
from control.export.asking import place_of
from control.export.routes import operations
from control.locks import Lock
from control.services import Services
from control.turn import in_turn
from tests.control.rooms.conftest import Guest, Guests, Json, Talk, good, put_on_face, refused
from tests.control.rooms.test_plans import ask
from tests.control.uploads.conftest import picture, sent
from tests.support.badges import offer_badge
from tests.support.control import PATIENCE, Control

MINE = "/api/v1/me/exports"


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies are made when a test says so."""

    async def never(_: Services) -> None:
        await trio.sleep_forever()

    monkeypatch.setattr(making, "upkeep", never)


async def asked(guest: Guest) -> str:
    export = good(await guest.http.post(MINE), 201)
    assert (export["state"], export["url"], export["size"]) == ("queued", None, None)
    return str(export["id"])


async def seen(guest: Guest, export: str) -> Json:
    return good(await guest.http.get(f"{MINE}/{export}"))


async def fetched(guest: Guest, export: str, store: httpx.AsyncClient) -> zipfile.ZipFile:
    """The copy, as its owner gets it."""
    shown = await seen(guest, export)
    assert shown["state"] == "ready", shown
    answer = await store.get(shown["url"])
    assert (answer.status_code, len(answer.content)) == (200, shown["size"])
    assert "madang.zip" in answer.headers["content-disposition"]
    copy = zipfile.ZipFile(io.BytesIO(answer.content))
    assert copy.testzip() is None
    return copy


def read(copy: zipfile.ZipFile, name: str) -> Any:
    return json.loads(copy.read(name))


async def test_everything_that_is_mine_is_in_it_and_nothing_of_others(
    control: Control, guests: Guests, talk: Talk, store: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "_ROWS", 2)  # so that a few are many
    mina, jun = await guests(2)
    room = (await mina.create("산책"))["id"]
    await jun.join(room)
    other = (await jun.create("떠난 방"))["id"]
    await mina.join(other)
    await talk.say(room, mina, "첫 마디", "둘째 마디", "지운 마디")
    await talk.say(room, jun, "남의 말")
    await talk.edit(room, mina, 2, "고친 마디")
    await talk.delete(room, mina, 3)
    await talk.say(other, mina, "떠나기 전에")
    await mina.leave(other)
    mine = picture(size=(300, 200))
    upload = await sent(mina, store, mine, name="나/우리.png")
    await sent(jun, store, picture(), name="남의것.png")
    for kind in ("friend", "favourite", "hidden"):
        await mina.http.put(f"/api/v1/me/relations/{kind}/{jun.id}")
    await mina.http.post("/api/v1/questions", json={"title": "물음", "text": "어디로 갈까요?", "tags": []})
    theirs = good(
        await jun.http.post("/api/v1/questions", json={"title": "남의 물음", "text": "글쎄요", "tags": []}),
        201,
    )
    assert (await mina.http.put(f"/api/v1/questions/{theirs['id']}/like")).is_success
    face = await put_on_face(control, mina)
    link = good(await mina.http.post(f"/api/v1/rooms/{room}/links", json={}), 201)
    hook = good(await mina.http.post(f"/api/v1/rooms/{room}/hooks", json={"name": "빌드 알림"}), 201)
    assert (await jun.http.post(f"/api/v1/rooms/{other}/invitations", json={"people": [mina.id]})).is_success
    await offer_badge(control.services.db, "hour", kind="minutes", minutes=60)
    await ask(
        control.services.db,
        "INSERT INTO badge_awards (user_id, badge, awarded_at) VALUES ($1, 'hour', now()), ($2, 'hour', now())",
        mina.id,
        jun.id,
    )
    export = await asked(mina)
    await making.make_all(control.services)
    copy = await fetched(mina, export, store)
    assert {name for name in copy.namelist() if "/" not in name} == {
        f"{name}.json" for name in contents.SECTIONS
    }
    (account,) = read(copy, "account.json")
    assert (account["id"], account["nickname"], account["roles"]) == (mina.id, mina.nickname, ["mentee"])
    assert "password_hash" not in account
    assert {each["kind"] for each in read(copy, "relations.json")} == {"friend", "favourite", "hidden"}
    assert [each["title"] for each in read(copy, "rooms.json")] == ["산책"]
    assert [each["text"] for each in read(copy, f"messages/{room}.json")] == ["첫 마디", "고친 마디"]
    assert [each["text"] for each in read(copy, f"messages/{other}.json")] == ["떠나기 전에"]
    assert [each["title"] for each in read(copy, "questions.json")] == ["물음"]
    assert read(copy, "bots.json") == []
    assert [(each["badge"], each["en"]) for each in read(copy, "badges.json")] == [("hour", "The hour")]
    assert [each["post"] for each in read(copy, "likes.json")] == [theirs["id"]]
    assert [each["upload"] for each in read(copy, "avatars.json")] == [face]
    assert [(each["room"], each["by"]) for each in read(copy, "invitations.json")] == [(other, jun.id)]
    assert [each["id"] for each in read(copy, "room_links.json")] == [link["id"]]
    assert [each["name"] for each in read(copy, "webhooks.json")] == ["빌드 알림"]
    assert copy.read(f"uploads/{upload['id']}/나_우리.png") == mine
    everything = b"".join(copy.read(name) for name in copy.namelist())
    for secret in (
        "남의 말",
        "남의것",
        "남의 물음",
        "지운 마디",
        link["code"],
        hook["url"].rpartition("/")[2],
    ):
        assert secret.encode() not in everything
    assert {name.split("/")[1] for name in copy.namelist() if name.startswith("uploads/")} == {
        upload["id"],
        face,
    }


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("나/우리.png", "나_우리.png"),
        (r"..\..\나.png", ".._.._나.png"),
        ("..", "__"),
        (".", "_"),
        ("...", "..."),
    ],
)
def test_a_file_is_packed_under_a_name_that_leads_nowhere(name: str, packed: str) -> None:
    assert contents.tame(name) == packed


async def test_a_large_copy_is_sent_in_parts_and_is_whole(
    control: Control, guests: Guests, talk: Talk, store: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipping, "PART", 5 * MIB)
    (mina,) = await guests(1)
    room = (await mina.create())["id"]
    large = os.urandom(11 * MIB)
    wanted = {
        "purpose": "attachment",
        "room": room,
        "name": "큰 것.bin",
        "media_type": "application/octet-stream",
    }
    upload = await sent(mina, store, large, **wanted)
    largest = 0
    send = s3_module.Parts.send

    async def watched(parts: s3_module.Parts, body: bytes) -> None:
        nonlocal largest
        largest = max(largest, len(body))
        await send(parts, body)

    monkeypatch.setattr(s3_module.Parts, "send", watched)
    export = await asked(mina)
    await making.make_all(control.services)
    copy = await fetched(mina, export, store)
    assert copy.read(f"uploads/{upload['id']}/큰 것.bin") == large
    assert largest == 5 * MIB


async def test_one_is_made_at_a_time_and_nobody_elses_is_seen(control: Control, guests: Guests) -> None:
    mina, jun = await guests(2)
    statuses: list[int] = []

    async def wish() -> None:
        statuses.append((await mina.http.post(MINE)).status_code)

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(wish)
    assert sorted(statuses) == [201, 409, 409, 409, 409]
    refused(await mina.http.post(MINE), "export_under_way")
    (export,) = good(await mina.http.get(MINE))["exports"]
    await asked(jun)
    refused(await jun.http.get(f"{MINE}/{export['id']}"), "not_found")
    assert len(good(await jun.http.get(MINE))["exports"]) == 1
    refused(await jun.http.get(f"{MINE}/x"), "invalid")
    for method, path in (("POST", MINE), ("GET", MINE), ("GET", f"{MINE}/{export['id']}")):
        refused(await control.http.request(method, path), "unauthenticated")
    await making.make_all(control.services)
    await asked(mina)  # the next one, once the first is done


def test_nobody_asks_more_than_three_times_a_day() -> None:
    (operation,) = [each for each in operations.table if each.name == "ask_export"]
    assert operation.rate is not None
    assert (operation.rate.count, operation.rate.per) == (3, 1 * DAYS)


class Killed(Exception):
    """The process is gone."""


async def test_who_is_killed_at_it_leaves_it_to_the_next(
    control: Control, guests: Guests, store: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mina,) = await guests(1)
    await sent(mina, store, picture())
    export = await asked(mina)

    async def die(*_: object, **__: object) -> None:
        raise Killed

    for where in ("slice", "complete"):
        with monkeypatch.context() as patched:
            if where == "slice":
                patched.setattr(control.services.s3, "slice", die)
            else:
                patched.setattr(making, "_ready", die)  # the object is there, and nobody noted it
            with pytest.raises(Killed):
                await making.make_all(control.services)
        assert (await seen(mina, export))["state"] == "working"
    await making.make_all(control.services)
    await fetched(mina, export, store)
    assert await ask(control.services.db, "SELECT attempts FROM exports") == 3


async def test_two_at_one_copy_leave_one_that_is_whole(
    control: Control, guests: Guests, store: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when one was cut off from the database, and does not know it yet."""
    (mina,) = await guests(1)
    export = await asked(mina)
    real, both = making.put_everything, 0
    together = trio.Event()

    async def put(*everything: Any) -> None:
        nonlocal both
        both += 1
        if both == 2:
            together.set()
        await together.wait()
        await real(*everything)

    monkeypatch.setattr(making, "put_everything", put)
    async with trio.open_nursery() as nursery:
        for _ in range(2):
            nursery.start_soon(making.make_all, control.services)
    await fetched(mina, export, store)


async def test_one_that_brings_down_its_process_again_and_again_is_given_up(
    control: Control, guests: Guests, store: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    mina, jun = await guests(2)
    poison, fine = await asked(mina), await asked(jun)
    real = making.put_everything

    async def put(services: Services, user: str, *more: Any) -> None:
        if user == mina.id:
            raise Killed
        await real(services, user, *more)

    monkeypatch.setattr(making, "put_everything", put)
    for _ in range(3):
        with pytest.raises(Killed):
            await making.make_all(control.services)
    await making.make_all(control.services)
    assert (await seen(mina, poison))["state"] == "failed"
    await fetched(jun, fine, store)


async def test_a_store_that_is_away_costs_no_attempt_and_leaves_nothing_half_sent(
    control: Control, guests: Guests, store: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mina,) = await guests(1)
    await sent(mina, store, picture())
    export = await asked(mina)

    async def away(*_: object) -> bytes:
        raise StoreUnavailable("s3", "no")

    for _ in range(5):
        with monkeypatch.context() as patched:
            patched.setattr(control.services.s3, "slice", away)
            with pytest.raises(StoreUnavailable):
                await making.make_all(control.services)
        assert (await seen(mina, export))["state"] == "queued"
    await making.make_all(control.services)
    await fetched(mina, export, store)
    client, bucket = control.services.s3._client, control.services.s3._bucket
    assert not client.list_multipart_uploads(Bucket=bucket, Prefix="exports/").get("Uploads")


async def test_a_process_that_is_stopped_costs_no_attempt(
    control: Control, guests: Guests, store: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mina,) = await guests(1)
    await sent(mina, store, picture())
    export = await asked(mina)
    begun = trio.Event()

    async def hang(*_: object) -> bytes:
        begun.set()
        await trio.sleep_forever()
        return b""

    with monkeypatch.context() as patched:
        patched.setattr(control.services.s3, "slice", hang)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(making.make_all, control.services)
            await begun.wait()
            nursery.cancel_scope.cancel()
    assert await ask(control.services.db, "SELECT (state, attempts) = ('queued', 0) FROM exports")
    await making.make_all(control.services)
    await fetched(mina, export, store)


async def test_what_nobody_finished_is_given_up_by_the_sweep(control: Control) -> None:
    s3 = control.services.s3
    s3._client.create_multipart_upload(Bucket=s3._bucket, Key=place_of("dead"))
    await making.sweep(control.services)
    assert s3._client.list_multipart_uploads(Bucket=s3._bucket, Prefix="exports/").get("Uploads")
    control.clock.pass_seconds(2 * 3600)
    await making.sweep(control.services)
    assert not s3._client.list_multipart_uploads(Bucket=s3._bucket, Prefix="exports/").get("Uploads")


async def test_after_a_week_it_is_gone_and_later_that_there_was_one(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    export = await asked(mina)
    await making.make_all(control.services)
    assert await control.services.s3.head(place_of(export)) is not None
    await ask(
        control.services.db, "UPDATE exports SET expires_at = expires_at - interval '7 days' RETURNING 1"
    )
    later = replace(control.services, clock=lambda: control.clock.now_ms + 1)
    await making.sweep(later)
    assert await control.services.s3.head(place_of(export)) is None
    shown = await seen(mina, export)
    assert (shown["state"], shown["url"]) == ("expired", None)
    month_later = replace(control.services, clock=lambda: control.clock.now_ms + int(31 * DAYS * 1000))
    await making.sweep(month_later)
    assert good(await mina.http.get(MINE))["exports"] == []


async def test_the_first_that_has_the_turn_makes_it(
    control: Control, guests: Guests, store: httpx.AsyncClient
) -> None:
    """Two processes, and a copy that is asked for: one of them makes it, by itself."""
    (mina,) = await guests(1)
    export = await asked(mina)
    made = trio.Event()

    async def make(services: Services) -> None:
        await making.make_all(services)
        made.set()

    async with trio.open_nursery() as nursery:
        for _ in range(2):
            nursery.start_soon(
                partial(in_turn, control.services, Lock.EXPORTS, make, every=0.05, due=making._is_asked)
            )
        with trio.fail_after(PATIENCE):
            await made.wait()
        nursery.cancel_scope.cancel()
    await fetched(mina, export, store)
    assert await ask(control.services.db, "SELECT attempts FROM exports") == 1


# Where each thing of a person's is in a copy; or why it is in none.
COPIED = {
    "user_roles.user_id": "account", "identities.user_id": "identities", "sessions.user_id": "sessions",
    "relations.user_id": "relations", "members.user_id": "rooms", "stays.user_id": "stays", "former_members.user_id": "messages",
    "uploads.owner_id": "uploads", "avatars.user_id": "avatars", "bots.owner_id": "bots", "reports.reporter": "reports",
    "mentor_applications.user_id": "mentor_applications", "mentors.user_id": "mentor", "follows.user_id": "follows",
    "point_accounts.user_id": "points", "questions.author_id": "questions", "answers.author_id": "answers",
    "board_comments.author_id": "comments", "class_registrations.user_id": "registrations",
    "class_reviews.user_id": "reviews", "match_people.user_id": "matches", "match_reviews.reviewer_id": "match_reviews",
    "match_reviews.partner_id": "match_reviews", "match_applications.user_id": "match_applications",
    "badge_awards.user_id": "badges", "match_posts.author_id": "posts",
    "room_invitations.user_id": "invitations", "room_links.by": "room_links", "hooks.created_by": "webhooks",
    "board_likes.user_id": "likes", "match_post_people.user_id": "posts_joined", "match_post_comments.author_id": "post_comments",
}  # fmt: skip
NOT_COPIED = {
    "relations.other_id": "another's list", "rooms.pair_low": "a room's own", "rooms.pair_high": "a room's own",
    "room_bans.user_id": "what a room's moderators keep", "room_bans.by": "what a room's moderators keep",
    "room_audit.by": "what a room's moderators keep", "room_audit.person": "what a room's moderators keep",
    "room_invitations.by": "what is missing would tell who blocked the one who asked",
    "reports.person": "another's words", "reports.resolved_by": "an admin's work", "suspensions.user_id": "an admin's work",
    "suspensions.by": "an admin's work", "mentor_applications.decided_by": "an admin's work",
    "point_transfers.by": "an admin's work", "admin_audit.by": "an admin's work", "admin_audit.person": "an admin's work",
    "notices.by": "an admin's work", "social_attempts.link_to": "a matter of minutes", "bots.user_id": "the owner has it",
    "exports.user_id": "the copies themselves",
    "badge_awards.by": "an admin's work", "badge_looks.user_id": "a matter of seconds",
    "made_once.user_id": "names for a week",
}  # fmt: skip


async def test_every_column_that_names_a_person_is_copied_or_said_not_to_be() -> None:
    assert not COPIED.keys() & NOT_COPIED.keys()
    assert COPIED.keys() | NOT_COPIED.keys() == FATES.keys() - {"last_seen.user_id"}
    assert set(COPIED.values()) - {"messages"} <= contents.SECTIONS.keys()
