"""The checker finds what it is there to find: every fault put into a good history, and none in a good one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from common import protocol
from common.protocol import AnyEvent, Message, Sent
from common.roomlog.position import key_of
from tests.faults.checker import Begin, Changed, Kind, Name, View, check

ROOM = "a room"


@dataclass
class History:
    """What happened in a room: as the log holds it, as its senders were answered, as one reader saw all of it."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[Name, list[Sent]] = field(default_factory=dict)
    changes: list[Changed] = field(default_factory=list)
    joined: list[str] = field(default_factory=list)
    seen: list[Begin | AnyEvent] = field(default_factory=lambda: [Begin(0)])
    breaks: list[int] = field(default_factory=list)
    at: int = 1_800_000_000_000

    def violations(self) -> set[Kind]:
        views = [View("reader", self.seen)]
        return {
            violation.kind
            for violation in check(
                answers=self.answers,
                views=views,
                documents=self.documents,
                changes=self.changes,
                joined=self.joined,
                breaks=self.breaks,
            )
        }

    def messages(self) -> list[dict[str, Any]]:
        return [document for document in self.documents if document["type"] == "message"]

    # What can happen, well.

    def say(self) -> None:
        document = self._logged("message", counted=True, text=f"text {self.at}")
        name = Name(document["sender"], document["client_id"])
        self.answers[name] = [Sent(document["seq"], document["mseq"], document["at"])]
        self.seen.append(protocol.event(document))

    def react(self) -> None:
        of = self.messages()[0]["seq"]
        document = self._logged(
            "reaction", counted=False, sender="jun", user="jun", of=of, emoji="🎉", change="added"
        )
        self.changes.append(
            Changed("jun", "reaction", Sent(document["seq"], document["mseq"], document["at"]))
        )
        self.seen.append(protocol.event(document))

    def join(self) -> None:
        self.joined.append(f"jun {self.at}")
        document = self._logged("member", counted=False, user=self.joined[-1], name="Jun", change="joined")
        self.seen.append(protocol.event(document))

    def say_again(self) -> None:
        """A retry that the bus did not know: the copy is seen, then taken back."""
        if not self.messages():
            return
        first = self.messages()[0]
        self.answers[Name(first["sender"], first["client_id"])] *= 2
        filler = self._logged("void", counted=True)
        copy = first | {key: filler[key] for key in ("_id", "seq", "mseq", "at")}
        self.seen.append(protocol.event(copy))
        self.seen.append(protocol.event(self._logged("void", counted=False, of=filler["seq"])))

    def forget(self) -> None:
        """The bus dies with something that was seen and is nowhere else."""
        lost = self._document("message", counted=True, text="lost")
        self.seen.append(protocol.event(lost))
        self.breaks.append(self.at)
        self.at += 1
        self.reset()

    def reset(self) -> None:
        self.seen += [Begin(0), *map(protocol.event, self.documents)]

    def _document(self, kind: str, *, counted: bool, **more: Any) -> dict[str, Any]:
        last = self.documents[-1] if self.documents else {"seq": 0, "mseq": 0}
        self.at += 1
        seq = last["seq"] + 1
        return {
            "_id": key_of(ROOM, seq),
            "type": kind,
            "room": ROOM,
            "seq": seq,
            "mseq": last["mseq"] + counted,
            "at": self.at,
            "sender": "mina" if kind == "message" else "",
            "client_id": f"id-{self.at}",
            **more,
        }

    def _logged(self, kind: str, *, counted: bool, **more: Any) -> dict[str, Any]:
        document = self._document(kind, counted=counted, **more)
        self.documents.append(document)
        return document


STEPS = (History.say, History.react, History.join, History.say_again, History.forget, History.reset)


@st.composite
def histories(draw: st.DrawFn) -> History:
    history = History()
    for step in [History.say, *draw(st.lists(st.sampled_from(STEPS), max_size=20)), History.say]:
        step(history)
    return history


@given(histories())
def test_a_good_history_is_good(history: History) -> None:
    assert history.violations() == set()


# Each spoils a good history; `which` chooses where.


def lose_a_document(history: History, which: int) -> None:
    document = history.messages()[which % len(history.messages())]
    history.documents.remove(document)


def store_a_message_twice(history: History, which: int) -> None:
    message = history.messages()[which % len(history.messages())]
    history._logged(
        "message",
        counted=True,
        sender=message["sender"],
        client_id=message["client_id"],
        text=message["text"],
    )


def lose_a_change(history: History, which: int) -> None:
    assume(history.changes)
    changed = history.changes[which % len(history.changes)]
    history.documents = [document for document in history.documents if document["seq"] != changed.answer.seq]


def store_another_in_the_place_of_a_change(history: History, which: int) -> None:
    assume(history.changes)
    changed = history.changes[which % len(history.changes)]
    next(each for each in history.documents if each["seq"] == changed.answer.seq)["sender"] = "mina"


def lose_a_member(history: History, which: int) -> None:
    history.joined.append("somebody else")


def tell_twice_of_a_member(history: History, which: int) -> None:
    assume(history.joined)
    user = history.joined[which % len(history.joined)]
    history._logged("member", counted=False, user=user, name="Jun", change="joined")


def answer_another_place(history: History, which: int) -> None:
    answers = list(history.answers.values())[which % len(history.answers)]
    answers[-1] = Sent(answers[-1].seq + 1, answers[-1].mseq, answers[-1].at)


def answer_another_time(history: History, which: int) -> None:
    answers = list(history.answers.values())[which % len(history.answers)]
    answers.append(Sent(answers[0].seq, answers[0].mseq, answers[0].at + 1))


def exchange_two_documents(history: History, which: int) -> None:
    messages = history.messages()
    assume(len(messages) > 1)
    one, other = messages[which % (len(messages) - 1) :][:2]
    one["client_id"], other["client_id"] = other["client_id"], one["client_id"]


def skip_a_seq_in_the_log(history: History, which: int) -> None:
    for document in history.documents[which % len(history.documents) :]:
        document["seq"] += 1
        document["_id"] = key_of(ROOM, document["seq"])


def count_a_message_twice(history: History, which: int) -> None:
    history.messages()[which % len(history.messages())]["mseq"] += 1


def see_nothing_of_one(history: History, which: int) -> None:
    events = _events_of_last_run(history)
    del history.seen[events[which % len(events)]]


def see_one_twice(history: History, which: int) -> None:
    events = _events_of_last_run(history)
    index = events[which % len(events)]
    history.seen.insert(index, history.seen[index])


def see_two_in_another_order(history: History, which: int) -> None:
    events = _events_of_last_run(history)
    assume(len(events) > 1)
    index = events[which % (len(events) - 1)]
    history.seen[index], history.seen[index + 1] = history.seen[index + 1], history.seen[index]


def see_another_text(history: History, which: int) -> None:
    taken_back = {event.of for event in history.seen if isinstance(event, protocol.Void)}
    messages = [
        index
        for index in _events_of_last_run(history)
        if isinstance(event := history.seen[index], Message) and event.seq not in taken_back
    ]
    index = messages[which % len(messages)]
    history.seen[index] = protocol.Message(
        **{name: getattr(history.seen[index], name) for name in Message.__struct_fields__} | {"text": "else"}
    )


def see_less_than_there_is(history: History, which: int) -> None:
    del history.seen[-1]


def never_hear_of_a_loss(history: History, which: int) -> None:
    """What was lost with the bus stays in view while others go on from there."""
    resets = [index for index, item in enumerate(history.seen) if isinstance(item, Begin)]
    losses = [index for index in resets[1:] if _is_lost(history.seen[index - 1])]
    assume(losses)
    reset = losses[-1]
    lost = history.seen[reset - 1].seq
    rest = [event for event in history.seen[reset:] if not isinstance(event, Begin) and event.seq > lost]
    assume(rest)
    assume(all(not isinstance(event, protocol.Void) or event.of != lost for event in rest))
    history.seen[reset:] = rest


def hear_of_a_loss_too_late(history: History, which: int) -> None:
    """The reset comes after the first event of the time after."""
    never_hear_of_a_loss(history, which)
    history.reset()


SPOILERS: dict[Callable[[History, int], None], set[Kind]] = {
    lose_a_document: {"lost"},
    store_a_message_twice: {"doubled"},
    lose_a_change: {"lost"},
    store_another_in_the_place_of_a_change: {"lost"},
    lose_a_member: {"lost"},
    tell_twice_of_a_member: {"doubled"},
    answer_another_place: {"reordered"},
    answer_another_time: {"reordered"},
    exchange_two_documents: {"reordered"},
    skip_a_seq_in_the_log: {"hole"},
    count_a_message_twice: {"miscounted"},
    see_nothing_of_one: {"hole"},
    see_one_twice: {"hole"},
    see_two_in_another_order: {"hole"},
    see_another_text: {"reordered", "stale"},
    see_less_than_there_is: {"hole"},
    never_hear_of_a_loss: {"stale"},
    hear_of_a_loss_too_late: {"stale"},
}


@pytest.mark.parametrize("spoil", SPOILERS)
@settings(max_examples=50, suppress_health_check=[HealthCheck.filter_too_much])
@given(history=histories(), which=st.integers(0, 1000))
def test_what_is_spoilt_is_found(spoil: Callable[[History, int], None], history: History, which: int) -> None:
    spoil(history, which)
    assert history.violations() & SPOILERS[spoil]


def _events_of_last_run(history: History) -> list[int]:
    """Where the events are that the reader saw since its last reset."""
    begin = max(index for index, item in enumerate(history.seen) if isinstance(item, Begin))
    events = list(range(begin + 1, len(history.seen)))
    assume(events)
    return events


def _is_lost(item: Any) -> bool:
    return isinstance(item, Message) and item.text == "lost"
