"""Who is erased leaves no word in posts and below them, and what others were about goes on."""

from __future__ import annotations

from common.postgres import Connection
from control.erasure.forgetting import nickname_of
from tests.control.classes.test_erasure import erase
from tests.control.matching.conftest import Yard
from tests.control.matching.test_afterwards import activity, history, review
from tests.control.rooms.conftest import Guests, good, refused
from tests.support.control import Control

_WORDS = (
    "SELECT concat((SELECT json_agg(p) FROM match_posts p), (SELECT json_agg(c) FROM match_post_comments c))"
)


async def test_open_posts_are_called_off_and_places_are_free_again(
    control: Control, guests: Guests, yard: Yard
) -> None:
    mina, jun, sol = await guests(3)
    own = await yard.write(mina, title="비밀", text="비밀")
    theirs = await yard.write(jun, capacity=2)
    await yard.join(own, jun)
    await yard.join(theirs, mina)
    await yard.comment(mina, theirs, "비밀")
    await yard.comment(jun, theirs, "남는 말")
    await erase(control, mina)
    seen = await yard.see(jun, own)
    assert (seen["title"], seen["text"], seen["state"]) == ("-", "", "cancelled")
    seen = await yard.see(jun, theirs)
    assert (seen["people"], seen["comments"], len(seen["joined"])) == (1, 1, 1)
    await yard.join(theirs, sol)

    async def words(connection: Connection) -> str:
        left: str = await connection.fetchval(_WORDS)
        return left

    left = await control.services.db.read(words)
    assert "남는 말" in left
    assert "비밀" not in left


async def test_those_who_met_somebody_remember_that_they_did_and_keep_what_they_earned(
    control: Control, guests: Guests, yard: Yard
) -> None:
    mina, jun = await guests(2)
    match = await yard.matched(mina, jun)
    yard.pass_minutes(10)
    for who, whom in ((mina, jun), (jun, mina)):
        assert (await review(who, match, whom, 42)).status_code == 204
    await erase(control, mina)
    assert await activity(jun, jun) == 42 + 20
    (found,) = (await history(jun))["matches"]
    assert found["partners"][0]["person"]["nickname"] == nickname_of(mina.id)
    refused(await jun.http.get(f"/api/v1/people/{mina.id}"), "person_not_found")
    assert good(await jun.http.get(f"/api/v1/matches/{match['id']}"))["room"] == match["room"]
