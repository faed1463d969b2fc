"""The register on a real server, by a clock that stands still until it is moved."""

from __future__ import annotations

from tests.chatd.presence.town import CALM, LEASE, Replica, Town


async def test_the_first_connection_is_told_and_the_others_are_counted(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    assert await one.arrive("ann", "a1") == 1
    assert await two.arrive("ann", "a2") == 2
    assert await two.arrive("ann", "a3") == 3
    assert await town.news() == [("ann", "online")]
    assert await town.register.states(["bob", "ann"]) == {"ann": "online"}
    assert await town.register.states([]) == {}
    assert await town.register.count() == 1


async def test_offline_is_told_once_after_calm_without_any_connection(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await two.arrive("ann")
    await one.leave("ann")
    assert await town.live(60, one, two) == [("ann", "online")]
    await two.leave("ann")
    assert await town.live(CALM - 1, one, two) == []
    assert await town.register.states(["ann"]) == {"ann": "online"}
    assert await town.live(1, one, two) == [("ann", "offline")]
    assert await town.register.states(["ann"]) == {}
    assert await town.register.count() == 0
    assert await town.live(60, one, two) == []


async def test_flapping_is_not_told(town: Town) -> None:
    one = Replica(town, "one")
    await one.arrive("ann")
    assert await town.news() == [("ann", "online")]
    for _ in range(5):
        await one.leave("ann")
        assert await town.live(CALM - 1, one) == []
        assert await one.arrive("ann") == 1
        assert await town.live(1, one) == []


# --- away ---------------------------------------------------------------------------------------------------------------


async def test_a_person_is_away_when_all_devices_are_and_back_with_any(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await two.arrive("ann")
    await one.turn("ann", "away")
    assert await town.live(30, one, two) == [("ann", "online")]
    await two.turn("ann", "away")
    assert await town.news() == [("ann", "away")]
    assert await town.register.states(["ann", "bob"]) == {"ann": "away"}
    assert await town.register.count() == 1
    await two.turn("ann", "away")
    assert await town.live(30, one, two) == []
    await one.turn("ann", "online")
    assert await town.news() == [("ann", "online")]
    assert await town.register.states(["ann"]) == {"ann": "online"}


async def test_a_dead_devices_word_goes_with_it(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await one.turn("ann", "away")
    await two.arrive("ann")
    assert await town.news() == [("ann", "online"), ("ann", "away"), ("ann", "online")]
    assert await town.live(60, two) == []  # the first one crashed
    await two.turn("ann", "away")
    assert await town.news() == [("ann", "away")]


async def test_when_the_last_device_that_was_awake_goes_that_is_told_after_calm(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await two.arrive("ann", word="away")
    await one.leave("ann")
    assert await town.live(CALM - 1, one, two) == [("ann", "online")]
    await one.arrive("ann")
    assert await town.live(60, one, two) == []
    await one.leave("ann")
    assert await town.live(CALM, one, two) == [("ann", "away")]


async def test_who_was_away_and_comes_back_away_was_never_back(town: Town) -> None:
    one = Replica(town, "one")
    await one.arrive("ann", word="away")
    assert await town.live(30, one) == [("ann", "away")]
    await one.leave("ann")
    assert await town.live(CALM - 1, one) == []
    await one.arrive("ann", word="away")
    assert await town.live(60, one) == []
    await one.leave("ann")
    assert await town.live(CALM, one) == [("ann", "offline")]
    await one.arrive("ann")
    assert await town.live(1, one) == [("ann", "online")]


async def test_with_offline_comes_when_the_last_connection_ended(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await two.arrive("bob")
    await town.live(5, one, two)
    gone = int(town.now * 1000)
    await one.leave("ann")
    await town.live(CALM - 1, one, two)
    await town.pass_time(1)
    await town.sweep()
    _, changes = await town.register.news(town.read_to)
    assert [(each.user, each.state, each.last_seen) for each in changes] == [("ann", "offline", gone)]
    await two.say()
    await town.live(LEASE, one)
    await town.pass_time(1)
    _, changes = await town.register.news(b"0-0")
    assert (changes[-1].user, changes[-1].last_seen) == ("bob", gone + CALM * 1000)


# --- not too many -------------------------------------------------------------------------------------------------------


async def test_of_thirty_at_once_over_replicas_ten_are_admitted_and_one_more_for_each_that_leaves(
    town: Town,
) -> None:
    replicas = [Replica(town, name) for name in ("one", "two", "three")]
    for number in range(30):
        replica = replicas[number % 3]
        replica.roster.arrived("ann", f"{replica.name}-{number}")
    totals = [(await replica.say())["ann"] for replica in replicas]
    assert totals == [10, 10, 10]
    assert [len(replica.refused) for replica in replicas] == [0, 10, 10]
    assert await replicas[1].arrive("ann", "still too many") == 10
    assert replicas[1].refused[-1] == "still too many"
    assert await replicas[1].arrive("bob") == 1
    for number in range(5):
        await replicas[0].leave("ann", f"one-{number * 3}")
        assert await replicas[2].arrive("ann", f"fits {number}") == 10
        assert await replicas[1].arrive("ann", f"not {number}") == 10
        assert (replicas[2].refused[-1], replicas[1].refused[-1]) == ("three-29", f"not {number}")


async def test_an_admission_whose_answer_was_lost_is_given_once(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    for number in range(12):
        one.roster.arrived("ann", f"c{number}")
    assert await one.say(stammer=True) == {"ann": 10}
    assert one.refused == ["c10", "c11"]
    assert await two.arrive("ann") == 10
    assert two.refused == ["two-ann"]


async def test_who_is_held_counts_even_where_there_is_no_room(town: Town) -> None:
    """They came while nobody could count them."""
    one, two = Replica(town, "one"), Replica(town, "two")
    for number in range(10):
        await one.arrive("ann", f"c{number}")
    two.roster.arrived("ann", "uncounted")
    two.roster.hold("uncounted")
    assert await two.say() == {"ann": 11}
    assert await two.arrive("ann", "another") == 11
    assert two.refused == ["another"]
    await one.leave("ann", "c0")
    assert await two.arrive("ann", "another") == 10
    assert two.refused == ["another", "another"]
