"""What is said below a post."""

from __future__ import annotations

from control.cursor import LAST, seal
from tests.control.matching.conftest import Admins, Yard
from tests.control.rooms.conftest import Guest, Guests, Json, good, put_on_face, refused
from tests.support.control import Control


def path_of(post: Json, comment: Json) -> str:
    return f"/api/v1/posts/{post['id']}/comments/{comment['id']}"


async def texts(yard: Yard, who: Guest, post: Json, **query: int | str) -> list[str]:
    return [each["text"] for each in (await yard.comments(who, post, **query))["comments"]]


async def test_anybody_may_say_something_and_change_or_take_back_his_own(
    control: Control, guests: Guests, yard: Yard
) -> None:
    mina, jun = await guests(2)
    face = await put_on_face(control, jun)
    post = await yard.write(mina)
    said = await yard.comment(jun, post, "늦어도 되나요?")
    await yard.comment(mina, post, "네")
    assert (said["by"]["mark"], said["by"]["me"], said["by"]["person"]["id"]) == (1, True, jun.id)
    assert said["by"]["person"]["avatar"] == face
    changed = good(await jun.http.patch(path_of(post, said), json={"text": "십 분 늦어요"}))
    assert (changed["text"], changed["edited_at"] is not None) == ("십 분 늦어요", True)
    refused(await mina.http.patch(path_of(post, said), json={"text": "아니요"}), "forbidden")
    refused(await mina.http.delete(path_of(post, said)), "forbidden")
    assert await texts(yard, mina, post) == ["십 분 늦어요", "네"]
    assert (await jun.http.delete(path_of(post, said))).status_code == 204
    refused(await jun.http.delete(path_of(post, said)), "comment_not_found")
    refused(await jun.http.patch(path_of(post, said), json={"text": "있나요"}), "comment_not_found")
    seen = await yard.see(jun, post)
    assert (await texts(yard, jun, post), seen["comments"], seen["people"]) == (["네"], 1, 1)


async def test_who_is_in_it_hears_of_it(guests: Guests, yard: Yard) -> None:
    mina, jun, sol, eun = await guests(4)
    post = await yard.write(mina)
    await yard.join(post, jun, sol)
    await yard.block(sol, eun)
    await yard.comment(eun, post)
    await yard.comment(jun, post)
    told = [each for each in await yard.told() if each.change == "commented"]
    assert [(each.by, each.users) for each in told] == [
        (eun.id, [mina.id, jun.id]),
        (jun.id, [mina.id, sol.id]),
    ]
    folded = {each["by"]["mark"]: each["folded"] for each in (await yard.comments(sol, post))["comments"]}
    assert folded == {1: False, 3: True}


async def test_what_is_said_before_the_end_can_be_taken_back_after_it(guests: Guests, yard: Yard) -> None:
    mina, jun = await guests(2)
    post = await yard.write(mina)
    said = await yard.comment(jun, post)
    yard.pass_minutes(11)
    refused(await jun.http.patch(path_of(post, said), json={"text": "다르게"}), "post_over")
    assert (await jun.http.delete(path_of(post, said))).status_code == 204


async def test_what_no_comment_can_say_is_refused(guests: Guests, yard: Yard) -> None:
    (mina,) = await guests(1)
    post = await yard.write(mina)
    for text in ("", "   ", "\u202e", "x" * 1001):
        refused(await yard.try_comment(mina, post, text), "invalid")
    refused(await yard.try_comment(mina, {"id": mina.id}), "post_not_found")
    other = await yard.write(mina)
    said = await yard.comment(mina, other)
    refused(await mina.http.delete(path_of(post, said)), "comment_not_found")


async def test_whoever_keeps_order_takes_any_away_and_it_is_noted(
    guests: Guests, admins: Admins, yard: Yard
) -> None:
    mina, jun = await guests(2)
    (boss,) = await admins(1)
    post = await yard.write(mina)
    said = await yard.comment(jun, post)
    assert (await boss.http.delete(path_of(post, said))).status_code == 204
    assert await texts(yard, mina, post) == []
    (deed,) = good(await boss.http.get("/api/v1/admin/audit"))["deeds"]
    assert (deed["act"], deed["object"]) == ("post.comment_removed", said["id"])


async def test_pages_follow_one_another(guests: Guests, yard: Yard) -> None:
    (mina,) = await guests(1)
    post = await yard.write(mina)
    for n in range(5):
        await yard.comment(mina, post, str(n))
    page = await yard.comments(mina, post, limit=3)
    assert [each["text"] for each in page["comments"]] == ["0", "1", "2"]
    assert await texts(yard, mina, post, limit=3, cursor=page["next"]) == ["3", "4"]
    assert await texts(yard, mina, post, cursor=seal(LAST)) == []
