"""The first hundred are a hundred, however many sign up at once; and nobody waits for anybody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import trio

from common import feed
from common.postgres import Connection, open_session
from control.badges import awarding
from control.identity import accounts
from control.identity.views import SignUp
from control.sealing import plain_hash
from control.services import Services
from tests.control.badges.conftest import Offer
from tests.control.rooms.conftest import Guests, News
from tests.control.rooms.test_plans import ask
from tests.support.control import Control

_PROVE = """
    INSERT INTO contact_proofs (proof_hash, contact, expires_at)
    SELECT hash, '+8210' || 30000000 + n, now() + interval '1 hour' FROM unnest($1::bytea[]) WITH ORDINALITY AS new(hash, n)
"""


async def proven(control: Control, count: int) -> None:
    """So many people have proven their phones."""
    await ask(control.services.db, _PROVE, [plain_hash(f"proof {number}") for number in range(count)])


async def signs_up(services: Services, number: int) -> None:
    """Without the front door: that is not what is looked at here."""
    wanted = SignUp(
        proof=f"proof {number}",
        email=f"first{number}@example.org",
        name="새 사람",
        nickname=f"첫{number}",
        password="a-long-walk-by-the-river",
    )
    await accounts.sign_up(services, wanted)


async def test_of_two_hundred_who_sign_up_at_once_a_hundred_are_first(
    control: Control, offer_badge: Offer, news: News
) -> None:
    await offer_badge("hundred", kind="first", people=100)
    await offer_badge("three", kind="first", people=3)
    await offer_badge("over", kind="first", people=50)
    await ask(control.services.db, "UPDATE badges SET retired_at = now() WHERE key = 'over' RETURNING 1")
    await proven(control, 200)
    # Twice as many as there are connections: whoever waits longer for one is turned away, on a machine that is busy.
    at_once = trio.CapacityLimiter(20)

    async def come(number: int) -> None:
        async with at_once:
            await signs_up(control.services, number)

    async with trio.open_nursery() as nursery:
        for number in range(200):
            nursery.start_soon(come, number)
    db = control.services.db
    assert await ask(db, "SELECT count(*) FROM users") == 200
    for key, people in (("hundred", 100), ("three", 3), ("over", 0)):
        assert await ask(db, "SELECT count(*) FROM badge_awards WHERE badge = $1", key) == people
        assert await ask(db, "SELECT count(*) FROM badge_places WHERE taken AND badge = $1", key) == people
    told = [(each.user, each.badge) for each in await news() if isinstance(each, feed.BadgeChanged)]
    assert len(told) == len(set(told)) == 103


async def test_a_sign_up_that_fails_gives_its_places_back(
    control: Control, offer_badge: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_: object) -> None:
        raise RuntimeError("killed")

    await offer_badge("one", kind="first", people=1)
    await offer_badge("two", kind="first", people=2)
    await proven(control, 3)
    with monkeypatch.context() as patched:
        patched.setattr(accounts, "_account", die)  # what comes last
        with pytest.raises(RuntimeError, match="killed"):
            await signs_up(control.services, 0)
    for number in range(3):
        await signs_up(control.services, number)
    held = """
        SELECT array_agg(a.badge || '/' || nickname ORDER BY a.badge, u.id)
        FROM badge_awards a JOIN users u ON u.id = a.user_id
    """
    assert await ask(control.services.db, held) == ["one/첫0", "two/첫0", "two/첫1"]


async def test_nobody_who_signs_up_waits_for_another_who_does(
    control: Control, offer_badge: Offer, guests: Guests
) -> None:
    """One of them holds the first place and does not come to an end."""
    mina, jun = await guests(2)
    await offer_badge("hundred", kind="first", people=100)
    now = datetime.now(UTC)
    async with open_session(control.services.settings.database_url) as session:

        async def hold(connection: Connection) -> None:
            await connection.execute("BEGIN")
            await awarding.welcome(connection, mina.id, now)

        await session.run(hold)
        with trio.fail_after(10):
            await control.services.db.transaction(awarding.welcome, jun.id, now)
    assert await ask(control.services.db, "SELECT user_id::text FROM badge_awards") == jun.id
    assert await ask(control.services.db, "SELECT place FROM badge_places WHERE taken") == 2
