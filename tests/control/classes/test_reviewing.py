"""Whoever went to a class says what he thinks of it, once; the averages of the class and of its mentor are exact."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import trio

from common.postgres import Connection
from tests.control.classes.conftest import Admins, School
from tests.control.rooms.conftest import Guest, Guests, Json, good, put_on_face, refused
from tests.support.control import Control

NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"


async def review(who: Guest, of: Json, stars: Any, text: str = "") -> httpx.Response:
    return await who.http.put(f"/api/v1/classes/{of['id']}/review", json={"stars": stars, "text": text})


async def take_back(who: Guest, of: Json) -> None:
    assert (await who.http.delete(f"/api/v1/classes/{of['id']}/review")).status_code == 204


async def reviews(who: Guest, of: Json, **query: Any) -> Json:
    return good(await who.http.get(f"/api/v1/classes/{of['id']}/reviews", params=query))


async def rated(who: Guest, of: Json) -> tuple[Any, ...]:
    """How many reviews and which rating the class has, and its mentor."""
    seen, mentor = await school_see(who, of), of["mentor"]["id"]
    card = good(await who.http.get(f"/api/v1/mentors/{mentor}"))
    return seen["reviews"], seen["rating"], card["reviews"], card["rating"]


async def school_see(who: Guest, of: Json) -> Json:
    return good(await who.http.get(f"/api/v1/classes/{of['id']}"))


async def attended(school: School, mentor: Guest, people: list[Guest]) -> Json:
    """A class that these people went to, and that has begun."""
    made = await school.opened(mentor, price=0, capacity=50)
    for each in people:
        good(await school.register(each, made))
    return made


async def test_a_review_counts_for_the_class_and_its_mentor(school: School, guests: Guests) -> None:
    (mina,) = await school.mentors(1)
    jun, ara = await guests(2)
    one, other = await attended(school, mina, [jun, ara]), await attended(school, mina, [jun])
    school.begin()
    said = good(await review(jun, one, 4.5, "좋아요"))
    assert (said["stars"], said["text"], said["person"]["id"], said["edited_at"]) == (
        4.5,
        "좋아요",
        jun.id,
        None,
    )
    good(await review(ara, one, 2))
    good(await review(jun, other, 5))
    assert await rated(jun, one) == (2, 3.25, 3, 3.83)
    assert await rated(jun, other) == (1, 5.0, 3, 3.83)
    assert [each["stars"] for each in (await reviews(ara, one))["reviews"]] in ([2.0, 4.5], [4.5, 2.0])


async def test_whoever_gives_a_class_goes_to_it_or_reviews_it_has_a_face(
    control: Control, school: School, guests: Guests
) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await guests(1)
    hers, his = await put_on_face(control, mina), await put_on_face(control, jun)
    made = await attended(school, mina, [jun])
    school.begin()
    good(await review(jun, made, 4))
    assert (await school_see(jun, made))["mentor"]["avatar"] == hers
    lists = {
        f"classes/{made['id']}/reviews": "reviews",
        f"mentors/{mina.id}/reviews": "reviews",
        f"classes/{made['id']}/registrations": "registrants",
    }
    for path, name in lists.items():
        (shown,) = good(await mina.http.get(f"/api/v1/{path}"))[name]
        assert shown["person"]["avatar"] == his, path


async def test_a_review_is_edited_and_taken_back_and_counts_as_it_stands(
    school: School, guests: Guests
) -> None:
    (mina,) = await school.mentors(1)
    (jun,) = await guests(1)
    made = await attended(school, mina, [jun])
    school.begin()
    first = good(await review(jun, made, 1, "음"))
    assert good(await review(jun, made, 1, "음")) == first  # which is no edit
    edited = good(await review(jun, made, 3.5, "다시 보니 좋아요"))
    assert edited["edited_at"] is not None
    assert edited["reviewed_at"] == first["reviewed_at"]
    assert await rated(jun, made) == (1, 3.5, 1, 3.5)
    assert (await school_see(jun, made))["my_review"] == {"stars": 3.5, "text": "다시 보니 좋아요"}
    assert (await school_see(mina, made))["my_review"] is None
    for _ in range(2):
        await take_back(jun, made)
    assert await rated(jun, made) == (0, None, 0, None)
    assert (await school_see(jun, made))["my_review"] is None
    assert (await reviews(jun, made))["reviews"] == []


async def test_only_who_is_registered_reviews_and_only_once_it_has_begun(
    school: School, guests: Guests
) -> None:
    (mina,) = await school.mentors(1)
    jun, ara, gone = await guests(3)
    made = await attended(school, mina, [jun, gone])
    refused(await review(jun, made, 5), "class_not_started")
    school.begin()
    refused(await review(ara, made, 5), "not_registered")
    refused(await review(mina, made, 5), "not_registered")
    await school.cancel(gone, made)
    refused(await review(gone, made, 1), "not_registered")
    refused(await review(jun, {"id": NOBODY}, 5), "class_not_found")
    assert await rated(jun, made) == (0, None, 0, None)


@pytest.mark.parametrize("stars", [0, 0.5, 5.5, 4.25, "5", None, -1])
async def test_stars_are_one_to_five_in_halves(school: School, stars: Any) -> None:
    (mina,) = await school.mentors(1)
    refused(await review(mina, {"id": NOBODY}, stars), "invalid")


async def test_what_is_no_review_is_refused(school: School) -> None:
    (mina,) = await school.mentors(1)
    refused(await review(mina, {"id": NOBODY}, 5, "x" * 1001), "invalid")
    refused(await review(mina, {"id": NOBODY}, 5, "a\x07"), "invalid")
    refused(await review(mina, {"id": "x"}, 5), "invalid")


async def test_many_who_review_at_once_are_all_counted(school: School, guests: Guests) -> None:
    (mina,) = await school.mentors(1)
    people = await guests(12)
    made = await attended(school, mina, people)
    school.begin()

    async def change_ones_mind(number: int, who: Guest) -> None:
        for stars in (1, 5, 1 + number % 9 / 2):
            good(await review(who, made, stars))
        if number % 4 == 3:
            await take_back(who, made)

    async with trio.open_nursery() as nursery:
        for number, who in enumerate(people):
            nursery.start_soon(change_ones_mind, number, who)
    left = [1 + number % 9 / 2 for number in range(12) if number % 4 != 3]
    average = round(sum(left) / len(left), 2)
    assert await rated(mina, made) == (len(left), average, len(left), average)


async def test_the_reviews_of_who_is_erased_count_no_more(
    control: Control, school: School, guests: Guests
) -> None:
    (mina,) = await school.mentors(1)
    jun, ara = await guests(2)
    made = await attended(school, mina, [jun, ara])
    school.begin()
    good(await review(jun, made, 1))
    good(await review(ara, made, 4))

    async def erase(connection: Connection) -> None:
        await connection.execute("DELETE FROM class_reviews WHERE user_id = $1", jun.id)

    await control.services.db.transaction(erase)
    assert await rated(ara, made) == (1, 4.0, 1, 4.0)


# --- of all classes of a mentor --------------------------------------------------------------------------------------


async def reviews_of(who: Guest, mentor: str, **query: Any) -> Json:
    return good(await who.http.get(f"/api/v1/mentors/{mentor}/reviews", params=query))


async def test_a_mentors_reviews_are_of_all_classes_with_their_average(
    school: School, guests: Guests, admins: Admins
) -> None:
    mina, dan = await school.mentors(2)
    jun, ara = await guests(2)
    (sol,) = await admins(1)
    assert await reviews_of(jun, mina.id) == {"count": 0, "rating": None, "reviews": [], "next": None}
    one, other = await attended(school, mina, [jun, ara]), await attended(school, mina, [jun])
    elsewhere = await attended(school, dan, [jun])
    school.begin()
    said = [
        good(await review(who, of, stars))
        for who, of, stars in ((jun, one, 1), (ara, one, 4.5), (jun, other, 5))
    ]
    good(await review(jun, elsewhere, 2))
    seen = await reviews_of(jun, mina.id)
    assert (seen["count"], seen["rating"], seen["next"]) == (3, 3.5, None)
    names = [{"id": of["id"], "title": of["title"]} for of in (one, one, other)]
    expected = [each | {"class": name} for each, name in zip(said, names, strict=True)]
    assert sorted(seen["reviews"], key=str) == sorted(expected, key=str)
    reason = {"reason": "광고"}
    assert (await sol.http.put(f"/api/v1/admin/classes/{other['id']}/unlisting", json=reason)).is_success
    seen = (await reviews_of(jun, mina.id))["reviews"]
    assert [each["stars"] for each in seen if each["class"] is None] == [5]
    refused(await jun.http.get(f"/api/v1/mentors/{jun.id}/reviews"), "mentor_not_found")


async def test_an_admin_takes_a_review_away_and_it_counts_no_more(
    school: School, guests: Guests, admins: Admins
) -> None:
    (mina,) = await school.mentors(1)
    jun, ara = await guests(2)
    (sol,) = await admins(1)
    made = await attended(school, mina, [jun, ara])
    school.begin()
    good(await review(jun, made, 1, "욕"))
    good(await review(ara, made, 4))
    path = f"/api/v1/admin/classes/{made['id']}/reviews/{jun.id}"
    refused(await mina.http.delete(path), "forbidden")
    for _ in range(2):
        assert (await sol.http.delete(path)).status_code == 204
    assert await rated(ara, made) == (1, 4.0, 1, 4.0)
    (deed,) = good(await sol.http.get("/api/v1/admin/audit"))["deeds"]
    assert (deed["act"], deed["person"]["id"], deed["object"]) == (
        "class.review_removed",
        jun.id,
        made["id"],
    )
    refused(await sol.http.delete(f"/api/v1/admin/classes/{NOBODY}/reviews/{jun.id}"), "class_not_found")


async def test_pages_of_reviews_neither_repeat_nor_hide(school: School, guests: Guests) -> None:
    (mina,) = await school.mentors(1)
    people = await guests(5)
    made = await attended(school, mina, people)
    school.begin()
    for who in people:
        good(await review(who, made, 4))
    first = await reviews(mina, made, limit=3)
    rest = await reviews(mina, made, limit=3, cursor=first["next"])
    seen = [each["person"]["id"] for each in first["reviews"] + rest["reviews"]]
    assert sorted(seen) == sorted(each.id for each in people)
    assert rest["next"] is None
    first = await reviews_of(mina, mina.id, limit=3)
    rest = await reviews_of(mina, mina.id, limit=3, cursor=first["next"])
    assert [each["person"]["id"] for each in first["reviews"] + rest["reviews"]] == seen
    assert rest["next"] is None
