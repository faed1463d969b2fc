"""Judges the history of one room after the storm: what senders were told, what readers saw, what the log holds.

Pure: it takes what was recorded and returns every violation of the room log's promises. It trusts nobody: the log is
held against the answers, the readers against the log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from common import protocol
from common.protocol import AnyEvent, Message, Sent, Void
from common.roomlog.position import key_of

Document = Mapping[str, Any]
Kind = Literal[
    "lost",  # an answer was given for what is not in the log
    "doubled",  # one client_id, two messages
    "reordered",  # an answer or a reader says another place than the log
    "hole",  # a seq is missing, in the log or in what a reader saw
    "stale",  # a reader was left with what is not in the log
    "miscounted",  # mseq does not count messages
]


class Violation(NamedTuple):
    """A promise that was not kept, and where."""

    kind: Kind
    what: str


class Name(NamedTuple):
    """What makes a message one message."""

    sender: str
    client_id: str


class Begin(NamedTuple):
    """A reader begins anew: what it saw before is void, the next event has the seq `after + 1`."""

    after: int


class Changed(NamedTuple):
    """Somebody was told that their change of a message is in the log: an event of this type."""

    sender: str
    type: str
    answer: Sent


class View(NamedTuple):
    """What one reader saw, in order; it begins with a `Begin`, as does whatever follows a reset."""

    reader: str
    seen: Sequence[Begin | AnyEvent]


def check(
    *,
    answers: Mapping[Name, Sequence[Sent]],
    views: Sequence[View],
    documents: Sequence[Document],
    changes: Sequence[Changed] = (),
    joined: Sequence[str] = (),
    breaks: Sequence[int] = (),
) -> list[Violation]:
    """Every violation of what the room log promises.

    Args:
        answers: each message's answers; a message that was sent again has several.
        views: what each reader saw, up to the head of the log.
        documents: all of the room's documents in the log, in any order.
        changes: what was answered of edits and reactions.
        joined: who was told by control that they are a member now.
        breaks: when the bus died (ms since 1970, by its own clock). What was seen before a break may be lost by it if
            it was never answered; the reader must be reset before it sees anything from after the break.
    """
    log = sorted(documents, key=lambda document: document["seq"])
    places = {document["seq"]: document for document in log}
    return [
        *_holes_in(log),
        *_miscounted(log),
        *_doubled(log),
        *_misplaced(answers, log),
        *_unchanged(changes, places),
        *_mistold(joined, log),
        *(violation for view in views for violation in _misled(view, places, breaks)),
    ]


# --- the log ----------------------------------------------------------------------------------------------------------


def _holes_in(log: Sequence[Document]) -> Iterator[Violation]:
    """Seqs are dense from 1, and each document's key says its seq."""
    for expected, document in enumerate(log, start=1):
        seq = document["seq"]
        if document["_id"] != key_of(document["room"], seq):
            yield Violation("reordered", f"document {document['_id']} says seq {seq}")
        if seq != expected:
            yield Violation("hole", f"the log has seq {seq} where {expected} is due")
            return


def _miscounted(log: Sequence[Document]) -> Iterator[Violation]:
    """mseq counts messages; the filler of a double's place counts too, because the double was counted."""
    before = 0
    for document in log:
        step = document["mseq"] - before
        counted = document["type"] == "message"
        filler = document["type"] == "void" and "of" not in document
        if step != int(counted) and not (filler and step == 1):
            yield Violation(
                "miscounted", f"mseq goes from {before} to {document['mseq']} at seq {document['seq']}"
            )
        before = document["mseq"]


def _doubled(log: Sequence[Document]) -> Iterator[Violation]:
    """A client_id of a sender is in the log once."""
    places = defaultdict(list)
    for document in log:
        places[_name(document)].append(document["seq"])
    for name, seqs in places.items():
        if len(seqs) > 1:
            yield Violation("doubled", f"{name} is at {seqs}")


def _misplaced(answers: Mapping[Name, Sequence[Sent]], log: Sequence[Document]) -> Iterator[Violation]:
    """What was answered is in the log, where the answer says; all answers for one message are the same."""
    held = {_name(document): document for document in log if document["type"] == "message"}
    for name, given in answers.items():
        document = held.get(name)
        if document is None:
            yield Violation("lost", f"{name} was answered {given} and is not in the log")
            continue
        place = Sent(document["seq"], document["mseq"], document["at"])
        for answer in given:
            if answer != place:
                yield Violation("reordered", f"{name} was answered {answer} and is at {place}")


def _unchanged(changes: Sequence[Changed], places: Mapping[int, Document]) -> Iterator[Violation]:
    """A change that was answered is in the log, where the answer says."""
    for sender, kind, answer in changes:
        document = places.get(answer.seq)
        if document is None or (document["sender"], document["type"], document["at"]) != (
            sender,
            kind,
            answer.at,
        ):
            yield Violation("lost", f"{kind} of {sender} was answered {answer}; there is {document}")


def _mistold(joined: Sequence[str], log: Sequence[Document]) -> Iterator[Violation]:
    """That somebody joined is told once."""
    for user in joined:
        seqs = [each["seq"] for each in log if each["type"] == "member" and each["user"] == user]
        if len(seqs) != 1:
            yield Violation("doubled" if seqs else "lost", f"that {user} joined is told at {seqs}")


# --- a reader ---------------------------------------------------------------------------------------------------------


def _misled(view: View, places: Mapping[int, Document], breaks: Sequence[int]) -> Iterator[Violation]:
    """Between two resets a reader sees a run of the log without holes, and the last run is true up to the log's head."""
    runs = list(_runs(view.seen))
    for number, (after, events) in enumerate(runs):
        last = number == len(runs) - 1
        yield from _holes_seen(view.reader, after, events)
        forgotten = {event.of for event in events if isinstance(event, Void)}
        wrong = [event for event in events if event.seq not in forgotten and not _true(event, places)]
        yield from _stale(view.reader, events, wrong, breaks, last=last)
        if last:
            seen_to = events[-1].seq if events else after
            if seen_to != max(places, default=0):
                yield Violation("hole", f"{view.reader} saw up to {seen_to} of {max(places, default=0)}")


def _runs(seen: Iterable[Begin | AnyEvent]) -> Iterator[tuple[int, list[AnyEvent]]]:
    after: int | None = None
    events: list[AnyEvent] = []
    for item in seen:
        if isinstance(item, Begin):
            if after is not None:
                yield after, events
            after, events = item.after, []
        else:
            events.append(item)
    if after is not None:
        yield after, events


def _holes_seen(reader: str, after: int, events: Sequence[AnyEvent]) -> Iterator[Violation]:
    for expected, event in enumerate(events, start=after + 1):
        if event.seq != expected:
            yield Violation("hole", f"{reader} saw seq {event.seq} where {expected} was due")
            return


def _true(event: AnyEvent, places: Mapping[int, Document]) -> bool:
    document = places.get(event.seq)
    return document is not None and protocol.event(dict(document)) == event


def _stale(
    reader: str,
    events: Sequence[AnyEvent],
    wrong: Sequence[AnyEvent],
    breaks: Sequence[int],
    *,
    last: bool,
) -> Iterator[Violation]:
    """What a reader saw and the log does not hold must be taken back by a reset: in time, and only if the bus died."""
    for event in wrong:
        said = f"{reader} saw {_told(event)}, which the log does not hold there"
        if not breaks:
            yield Violation("reordered", said)
        elif last:
            yield Violation("stale", f"{said}, and was not reset")
        for broken in breaks:
            if event.at <= broken and any(later.at > broken for later in events if later.seq > event.seq):
                yield Violation(
                    "stale", f"{said}, and then what came after the bus died, without a reset between"
                )


def _told(event: AnyEvent) -> str:
    return (
        f"{type(event).__name__} {event.seq} {event.client_id if isinstance(event, Message) else ''}".strip()
    )


def _name(document: Document) -> Name:
    return Name(document["sender"], document["client_id"])
