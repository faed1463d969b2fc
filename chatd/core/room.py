"""One room as one replica delivers it: in order, each event once, never across a hole in silence."""

from __future__ import annotations

from enum import Enum, auto

from common.roomlog.position import Entry


class Verdict(Enum):
    """What to do with an entry that the bus brought."""

    DELIVER = auto()  # it is next
    HOLE = auto()  # something before it is missing: nothing is delivered until that is found, or given up
    NEW_EPOCH = auto()  # the bus began anew: where the room stands must be asked, and readers are reset
    REWOUND = auto()  # the bus gave a seq twice within an epoch, so it lost what it had: the epoch must end
    NOTHING = auto()  # the epoch begins that we are in


class Order:
    """Up to where a room was delivered, how many messages it has had by then, and the judge of what comes next.

    Entries of a room come in the order of its stream and are never read twice, so a seq that was delivered before can
    only mean that the bus lost what it had.
    """

    __slots__ = ("epoch", "mseq", "seq")

    def __init__(self, epoch: str, seq: int, mseq: int = 0) -> None:
        self.epoch = epoch
        self.seq = seq
        self.mseq = mseq

    def accept(self, entry: Entry) -> Verdict:
        """Judge `entry`, and move on to it when it is delivered."""
        if entry.epoch != self.epoch:
            return Verdict.NEW_EPOCH
        if entry.seq == self.seq + 1:
            self.seq, self.mseq = entry.seq, entry.mseq
            return Verdict.DELIVER
        if not entry.room:
            return Verdict.NOTHING
        return Verdict.HOLE if entry.seq > self.seq else Verdict.REWOUND
