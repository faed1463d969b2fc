"""An anonymous post names nobody, in whatever is answered or told, until its people are matched; and then to them alone."""

from __future__ import annotations

import msgspec

from common import feed
from tests.control.matching.conftest import Admins, Yard
from tests.control.rooms.conftest import Guest, Guests, Json, News, good, refused


async def everything(yard: Yard, who: Guest, post: Json) -> str:
    """All that somebody can read of a post."""
    answers = [
        await yard.try_see(who, post),
        await who.http.get("/api/v1/posts"),
        await who.http.get("/api/v1/posts", params={"open": False, "by": "soonest"}),
        await who.http.get("/api/v1/me/posts"),
        await who.http.get(f"/api/v1/posts/{post['id']}/comments"),
        await yard.act(who, post, "confirm"),
        await who.http.get("/api/v1/search", params={"text": "비밀 국밥"}),
    ]
    return "".join(answer.text for answer in answers)


def names(*people: Guest) -> list[str]:
    return [word for person in people for word in (person.id, person.nickname)]


async def live(yard: Yard, mina: Guest, jun: Guest, sol: Guest) -> Json:
    """Mina's anonymous post, which Jun and Sol joined, and all three talked; so did he who left."""
    post = await yard.write(mina, title="비밀 국밥", anonymous=True)
    await yard.join(post, jun, sol)
    for who in (mina, jun, sol):
        await yard.comment(who, post, "몇 시에 볼까요?")
    return post


async def test_nobody_reads_a_name_before_the_match(guests: Guests, yard: Yard) -> None:
    people = await guests(5)
    mina, jun, sol, eun, passer = people
    post = await live(yard, mina, jun, sol)
    await yard.comment(eun, post, "저는 못 가요")
    for reader in (jun, eun, passer):
        said = await everything(yard, reader, post)
        assert "비밀 국밥" in said
        assert not [word for word in names(*people) if word in said]
    marks = [
        (each["by"]["mark"], each["by"]["person"]) for each in (await yard.comments(jun, post))["comments"]
    ]
    assert marks == [(0, None), (1, None), (2, None), (3, None)]
    seen = await yard.see(jun, post)
    assert [(each["mark"], each["me"]) for each in seen["joined"]] == [(0, False), (1, True), (2, False)]
    assert seen["author"] == {"mark": 0, "me": False, "person": None}


async def test_nobody_hears_a_name_before_the_match(guests: Guests, yard: Yard, news: News) -> None:
    people = await guests(3)
    mina, jun, sol = people
    post = await live(yard, mina, jun, sol)
    good(await yard.change(mina, post, text="여섯 시"))
    assert (await yard.act(sol, post, "leave")).status_code == 204
    told = await yard.told()
    assert [(each.change, each.mark) for each in told] == [
        ("joined", 1),
        ("joined", 2),
        ("commented", 0),
        ("commented", 1),
        ("commented", 2),
        ("changed", 0),
        ("left", 2),
    ]
    assert not [each for each in told if each.by or each.name]
    heard = [msgspec.json.encode(msgspec.structs.replace(each, users=[])).decode() for each in told]
    assert not [word for word in names(*people) if word in "".join(heard)]
    assert not [each for each in await news() if isinstance(each, feed.MemberChanged)]


async def test_those_who_are_matched_know_each_other_and_nobody_else_does(guests: Guests, yard: Yard) -> None:
    mina, jun, sol, passer = await guests(4)
    post = await live(yard, mina, jun, sol)
    assert (await yard.act(sol, post, "leave")).status_code == 204
    good(await yard.act(mina, post, "confirm"))
    seen = await yard.see(jun, post)
    assert [each["person"]["id"] for each in seen["joined"]] == [mina.id, jun.id]
    assert seen["author"]["person"]["id"] == mina.id
    comments = (await yard.comments(jun, post))["comments"]
    assert [each["by"]["person"] and each["by"]["person"]["id"] for each in comments] == [
        mina.id,
        jun.id,
        None,  # who left is no partner
    ]
    for reader in (sol, passer):
        said = await everything(yard, reader, post)
        assert not [word for word in names(mina, jun, sol) if word in said]


async def test_whom_i_blocked_cannot_be_told_by_what_i_do_not_see(guests: Guests, yard: Yard) -> None:
    mina, jun = await guests(2)
    post = await yard.write(mina, anonymous=True)
    await yard.comment(mina, post)
    await yard.block(jun, mina)
    assert await yard.listed(jun) == ["국밥"]
    await yard.join(post, jun)
    (said,) = (await yard.comments(jun, post))["comments"]
    assert not said["folded"]
    await yard.comment(mina, post)
    assert [jun.id] in [each.users for each in await yard.told() if each.change == "commented"]
    confirmed = good(await yard.act(mina, post, "confirm"))  # nor by being left out
    assert [each["person"]["id"] for each in confirmed["joined"]] == [mina.id, jun.id]


async def test_a_report_tells_admins_who_wrote_it_and_nobody_else(
    guests: Guests, admins: Admins, yard: Yard
) -> None:
    mina, jun = await guests(2)
    (boss,) = await admins(1)
    post = await yard.write(mina, anonymous=True, text="이상한 말")
    comment = await yard.comment(mina, post, "더 이상한 말")
    for path in (f"/api/v1/posts/{post['id']}", f"/api/v1/posts/{post['id']}/comments/{comment['id']}"):
        answer = await jun.http.post(f"{path}/reports", json={"reason": "abuse"})
        assert (answer.status_code, answer.text) == (204, "")
        refused(await jun.http.post(f"{path}/reports", json={"reason": "spam"}), "already_reported")
        refused(await mina.http.post(f"{path}/reports", json={"reason": "spam"}), "not_oneself")
    second, first = good(await boss.http.get("/api/v1/reports"))["reports"]
    assert (first["kind"], first["match_post"], first["person"]["id"]) == ("match_post", post["id"], mina.id)
    assert (second["kind"], second["match_post"], second["person"]["id"]) == (
        "match_comment",
        post["id"],
        mina.id,
    )
    assert (first["evidence"], second["evidence"]) == ("국밥\n이상한 말", "더 이상한 말")
    nothing = f"/api/v1/posts/{post['id']}/comments/{post['id']}/reports"
    refused(await jun.http.post(nothing, json={"reason": "spam"}), "comment_not_found")
    await yard.block(mina, jun)
    path = f"/api/v1/posts/{post['id']}/reports"
    refused(await jun.http.post(path, json={"reason": "spam"}), "post_not_found")
