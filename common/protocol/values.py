"""What the wire's frames are made of: limits, names, positions, and the state of timers and calls."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from common.units import KIB

VERSION: Final = 1
MAX_FRAME: Final = 64 * KIB
MAX_TEXT: Final = 4000  # characters
MAX_ROOMS: Final = 200  # open on one connection
MAX_PAGE: Final = 100  # events in a page of history
MAX_FOUND: Final = 50  # messages in a page of a search
MAX_MENTIONS: Final = 50  # people named in a message; more are `mention_all`
MAX_ATTACHMENTS: Final = 10  # to a message
MAX_EMOJI: Final = 32  # bytes of UTF-8
MAX_EMOJIS: Final = 20  # different ones on a message
MAX_PINS: Final = 50  # in a room
MAX_REACTORS: Final = 50  # told by name for an emoji; all are counted
MAX_ASKED: Final = 200  # people in one question about their presence
MAX_PARTICIPANTS: Final = 500  # people in the list of who is here that a room opens with
SHORTEST_TIMER: Final = 1000  # ms
MAX_SIGNAL: Final = 16 * KIB  # bytes of what one peer of a call tells another
LONGEST_TIMER: Final = 24 * 60 * 60 * 1000  # ms

Id = Annotated[str, Meta(min_length=1, max_length=64)]
# In Python's patterns `$` also stands before a newline at the end; in those of JSON Schema it does not.
Uuid = Annotated[str, Meta(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", max_length=36)]
ClientId = Annotated[str, Meta(min_length=8, max_length=64, pattern="^[0-9A-Za-z_.-]+(?!\\n)$")]
Seq = Annotated[int, Meta(ge=0, lt=10**12)]
EventSeq = Annotated[int, Meta(ge=1, lt=10**12)]  # of an event that exists
Text = Annotated[
    str, Meta(max_length=MAX_FRAME)
]  # counted and judged by the rules, with answers of their own
SearchText = Annotated[str, Meta(min_length=1, max_length=100, examples=["국밥"])]
Emoji = Annotated[str, Meta(min_length=1, max_length=MAX_EMOJI)]
Mentions = Annotated[list[Uuid], Meta(max_length=MAX_MENTIONS)]
Kind = Literal["text", "image", "file", "audio"]  # of what people say
MessageKind = Literal["text", "image", "file", "audio", "system"]
Token = Annotated[str, Meta(min_length=1, max_length=8 * KIB)]
Word = Literal["online", "away"]
PresenceState = Literal["online", "away", "offline"]
TimerPhase = Literal["none", "running", "paused", "ended"]


class Position(Struct, frozen=True):
    """A place in a room: everything up to and with `seq` is known."""

    epoch: Annotated[str, Meta(min_length=1, max_length=32)]
    seq: Seq


class Participant(Struct):
    """A member of a room who is here."""

    user: str
    state: Word


class TimerState(Struct, omit_defaults=True):
    """A room's timer after the event `seq` (0: after none): events of the timer up to there change it no more.

    It is exact by the server's time, which `welcome` and `ping` tell: a running one has `ends_at - now` left, and shows 0
    after that. `ends_at` is there while it runs and when it has ended, `remaining_ms` while it is paused. `run` is the
    seq of the event that has set it running, `by` who did the last thing to it.
    """

    seq: int
    phase: TimerPhase
    duration_ms: int = 0
    ends_at: int | None = None
    remaining_ms: int | None = None
    run: int = 0
    by: str | None = None


class CallPeer(Struct):
    """A device in a call. `peer` names it, `user` is whose it is; a person may be in a call with several."""

    peer: str
    user: str
    mic: bool
    camera: bool
    joined_at: int


class CallNow(Struct):
    """A room's call after its change `version` (0: none yet): who is in it, in the order in which they came."""

    version: int
    peers: list[CallPeer]


class IceServer(Struct, omit_defaults=True):
    """Servers for a browser's `RTCPeerConnection`, as its `iceServers` take them."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


Sdp = Annotated[str, Meta(min_length=1, max_length=MAX_SIGNAL)]


class SignalOffer(Struct, tag_field="kind", tag="offer"):
    """What I would send and take (RFC 8829)."""

    sdp: Sdp


class SignalAnswer(Struct, tag_field="kind", tag="answer"):
    """What I take of your offer."""

    sdp: Sdp


class SignalCandidate(Struct, tag_field="kind", tag="candidate", omit_defaults=True):
    """An address at which I may be reached (RFC 8838), of the part `sdp_mid` or the `sdp_line`th; empty after the last."""

    candidate: Annotated[str, Meta(max_length=4 * KIB)]
    sdp_mid: Annotated[str, Meta(max_length=64)] | None = None
    sdp_line: Annotated[int, Meta(ge=0, le=1000)] | None = None
    username_fragment: Annotated[str, Meta(max_length=256)] | None = None


AnySignal = SignalOffer | SignalAnswer | SignalCandidate
