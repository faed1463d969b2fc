"""What a replica says of its connections: however it is garbled on the way, the register ends up right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from chatd.core.presence import GONE, Change, Report, Roster, Saying, Told, coalesced


def hear(roster: Roster, report: Report) -> None:
    """A register hears it that admits everybody."""
    assert roster.heard(report, {each.user: len(each.waiting) for each in report.sayings}) == []


def counts_in(report: Report) -> list[tuple[str, int]]:
    """How many connections of each user, held and waiting."""
    return [(each.user, each.held + len(each.waiting)) for each in report.sayings]


def said(roster: Roster) -> dict[str, int]:
    """Everything unsaid, said and heard."""
    counts: dict[str, int] = {}
    while not roster.all_said:
        report = roster.take(500)
        hear(roster, report)
        counts.update(counts_in(report))
    return counts


def test_a_user_is_counted_by_connections_and_a_connection_once() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    roster.arrived("ann", "a2")
    roster.arrived("ann", "a2")
    assert said(roster) == {"ann": 2}
    roster.left("a1")
    roster.left("a1")
    roster.left("never here")
    assert said(roster) == {"ann": 1}
    assert roster.here("ann")
    roster.left("a2")
    assert said(roster) == {"ann": 0}
    assert not roster.here("ann")


def test_nothing_is_said_twice_but_on_demand() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    assert said(roster) == {"ann": 1}
    assert said(roster) == {}
    roster.arrived("ann", "a1")  # says it once more
    assert said(roster) == {"ann": 1}


def test_who_came_and_went_unheard_is_not_spoken_of() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    roster.left("a1")
    assert roster.all_said


def test_who_went_while_the_arrival_was_on_its_way_is_said_to_be_gone() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    report = roster.take(500)
    roster.left("a1")
    roster.unheard(report)
    assert said(roster) == {"ann": 0}


def test_a_batch_takes_who_has_waited_longest_and_counts_its_calls() -> None:
    roster = Roster()
    for number in range(5):
        roster.arrived(f"user-{number}", f"c{number}")
    first = roster.take(2)
    assert (first.serial, first.acked) == (1, 0)
    assert counts_in(first) == [("user-0", 1), ("user-1", 1)]
    roster.unheard(first)
    second = roster.take(3)
    assert (second.serial, second.acked) == (2, 0)
    assert counts_in(second) == [("user-2", 1), ("user-3", 1), ("user-4", 1)]
    hear(roster, second)
    third = roster.take(9)
    assert (third.serial, third.acked) == (3, 2)
    assert counts_in(third) == [("user-0", 1), ("user-1", 1)]


def test_a_new_term_says_everybody_here() -> None:
    roster = Roster()
    for user in ("ann", "bob"):
        roster.arrived(user, f"{user}-1")
    said(roster)
    roster.left("bob-1")
    roster.begin(forgotten=False)
    report = roster.take(500)
    assert report == Report(serial=1, acked=0, sayings=[Saying("ann", held=1, awake=1)])


def test_after_all_was_forgotten_those_who_left_meanwhile_are_said_too() -> None:
    roster = Roster()
    for user in ("ann", "bob"):
        roster.arrived(user, f"{user}-1")
    said(roster)
    roster.left("bob-1")
    roster.begin(forgotten=True)
    assert said(roster) == {"ann": 1, "bob": GONE}
    roster.begin(forgotten=True)
    assert said(roster) == {"ann": 1}


def test_one_who_was_gone_and_is_back_is_not_said_to_be_gone() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    said(roster)
    roster.left("a1")
    roster.begin(forgotten=True)
    roster.arrived("ann", "a2")
    assert said(roster) == {"ann": 1}
    roster.left("a2")
    assert said(roster) == {"ann": 0}


def test_of_several_changes_the_last_is_news() -> None:
    changes = [Change("ann", "online", 1), Change("bob", "online", 2), Change("ann", "offline", 3)]
    assert coalesced(changes) == [Change("ann", "offline", 3), Change("bob", "online", 2)]


# --- who waits, and who is held ----------------------------------------------------------------------------------------


def test_those_who_wait_are_said_in_their_order_until_they_are_admitted() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    roster.arrived("ann", "a2", "away")
    report = roster.take(500)
    assert report.sayings == [Saying("ann", held=0, awake=0, waiting=("a1", "a2"), waiting_awake="10")]
    hear(roster, report)
    roster.arrived("ann", "a3")
    assert roster.take(500).sayings == [Saying("ann", 2, 1, ("a3",), "1")]


def test_who_is_refused_is_not_here_and_the_others_are() -> None:
    roster = Roster()
    for connection in ("a1", "a2", "a3"):
        roster.arrived("ann", connection)
    assert roster.heard(roster.take(500), {"ann": 1}) == ["a2", "a3"]
    assert roster.all_said
    roster.left("a2")
    assert roster.all_said
    roster.begin(forgotten=False)
    assert roster.take(500).sayings == [Saying("ann", 1, 1)]


def test_when_all_are_refused_the_person_is_not_here() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    assert roster.heard(roster.take(500)) == ["a1"]
    assert not roster.here("ann")
    assert roster.users() == []
    roster.left("a1")
    assert roster.all_said


def test_who_was_held_meanwhile_is_not_refused() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    report = roster.take(500)
    roster.hold("a1")
    assert roster.heard(report) == []
    assert roster.take(500).sayings == [Saying("ann", 1, 1)]


def test_who_left_while_it_was_admitted_is_said_to_be_gone() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    report = roster.take(500)
    roster.left("a1")
    hear(roster, report)
    assert roster.take(500).sayings == [Saying("ann", 0, 0)]


def test_a_word_is_said_once_and_goes_with_its_connection() -> None:
    roster = Roster()
    roster.arrived("ann", "a1")
    roster.arrived("ann", "a2")
    said(roster)
    roster.turn("a1", "away")
    assert roster.take(500).sayings == [Saying("ann", 2, 1)]
    roster.turn("a1", "away")
    roster.turn("nobody", "away")
    assert roster.all_said
    roster.left("a1")
    assert roster.take(500).sayings == [Saying("ann", 1, 1)]
    roster.turn("a2", "away")
    roster.turn("a2", "online")
    assert roster.take(500).sayings == [Saying("ann", 1, 1)]


# --- what was told ------------------------------------------------------------------------------------------------------


def test_what_was_told_is_corrected_where_it_is_not_so() -> None:
    told = Told()
    told.tell([("ann", "online"), ("bob", "online"), ("cid", "away"), ("dee", "online"), ("dee", "offline")])
    found = {"ann": "online", "cid": "online"}
    corrections = told.corrections(["ann", "bob", "cid", "dee"], found, 7)  # type: ignore[arg-type]
    assert corrections == [Change("bob", "offline", 7), Change("cid", "online", 7)]
    told.tell((change.user, change.state) for change in corrections)
    assert sorted(told.users()) == ["ann", "cid"]
    assert len(told) == 2


# --- however it is garbled --------------------------------------------------------------------------------------------


@dataclass
class ToyRegister:
    """Remembers what one replica said in one term, as the real one does."""

    heard_to: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    late: list[Report] = field(default_factory=list)

    def hear(self, report: Report) -> bool:
        if not report.acked <= self.heard_to < report.serial:
            return False
        self.heard_to = report.serial
        for user, count in counts_in(report):
            self.counts[user] = count
        return True


class World:
    def __init__(self) -> None:
        self.roster = Roster()
        self.register = ToyRegister()
        self.present: dict[str, str] = {}
        self.remembered = ToyRegister()

    def arrive(self, connection: int) -> None:
        user = f"user-{connection % 3}"
        self.present[str(connection)] = user
        self.roster.arrived(user, str(connection))

    def leave(self, connection: int) -> None:
        self.present.pop(str(connection), None)
        self.roster.left(str(connection))

    def say(self, fate: str) -> None:
        report = self.roster.take(2)
        match fate:
            case "heard":
                if self.register.hear(report):
                    hear(self.roster, report)
                else:
                    self.roster.unheard(report)
                    self.begin()
            case "answer lost":
                if not self.register.hear(report):
                    self.begin()
                else:
                    self.roster.unheard(report)
            case "late":
                self.register.late.append(report)
                self.roster.unheard(report)

    def begin(self) -> None:
        self.register = ToyRegister()
        self.roster.begin(forgotten=False)

    def hear_late(self) -> None:
        for report in self.register.late:
            self.register.hear(report)

    def remember(self) -> None:
        self.remembered = ToyRegister(self.register.heard_to, self.register.counts.copy(), self.register.late)

    def lose(self) -> None:
        """The register comes back as it was when it last saved; if that was in this term."""
        if self.remembered.late is self.register.late:
            self.register = self.remembered
            self.remember()

    def settle(self) -> None:
        self.say("heard")
        while not self.roster.all_said:
            self.say("heard")


connections = st.integers(min_value=0, max_value=5)
steps = st.one_of(
    st.tuples(st.just("arrive"), connections),
    st.tuples(st.just("leave"), connections),
    st.tuples(st.just("say"), st.sampled_from(["heard", "answer lost", "late"])),
    st.tuples(st.sampled_from(["hear_late", "remember", "lose", "begin", "settle"])),
)


@given(st.lists(steps, max_size=60))
def test_whatever_is_lost_repeated_or_late_the_register_ends_up_right(script: list[tuple[str, ...]]) -> None:
    world = World()
    for name, *arguments in script:
        getattr(world, name)(*arguments)
    world.settle()
    assert +world.register.counts == Counter(world.present.values())
    assert {user for user in ("user-0", "user-1", "user-2") if world.roster.here(user)} == set(
        world.present.values()
    )
