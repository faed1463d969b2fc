"""Every benchmark of the table: how large it is run, which of its figures are shown, and what each is to reach.

Owns the goals. A line is a figure of ours, mostly beside somebody's in the same run; its goal is on the ratio, on our figure
alone, or on how much more ours is. What has no goal is shown all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

Result = dict[str, Any]  # the JSON object that a benchmark prints last
KIB: Final = 1024


@dataclass(frozen=True)
class Goal:
    """At least or at most `bound`, of the ratio (ours ÷ theirs), of ours, or of ours - theirs."""

    bound: float
    least: bool
    of: Literal["ratio", "ours", "difference"] = "ratio"

    def met(self, ours: float, theirs: float | None, ratio: float | None) -> bool | None:
        """Whether it is reached; None when that cannot be told."""
        value = {"ours": ours, "ratio": ratio, "difference": None if theirs is None else ours - theirs}[
            self.of
        ]
        if value is None:
            return None
        return value >= self.bound if self.least else value <= self.bound

    def __str__(self) -> str:
        sign, bound = "≥" if self.least else "≤", f"{self.bound:g}"
        return {
            "ratio": f"{sign} × {bound}",
            "ours": f"{sign} {bound}",
            "difference": f"{sign} {bound} more",
        }[self.of]


def at_least(bound: float, of: Literal["ratio", "ours", "difference"] = "ratio") -> Goal:
    return Goal(bound, least=True, of=of)


def at_most(bound: float, of: Literal["ratio", "ours", "difference"] = "ratio") -> Goal:
    return Goal(bound, least=False, of=of)


@dataclass(frozen=True)
class Line:
    """A row of the table. `fault` says why there are no figures."""

    bench: str
    words: str
    unit: str = ""
    ours: float | None = None
    peer: str | None = None
    theirs: float | None = None
    ratio: float | None = None
    goal: Goal | None = None
    fault: str | None = None

    @property
    def met(self) -> bool | None:
        if self.goal is None or self.ours is None:
            return None
        return self.goal.met(self.ours, self.theirs, self.ratio)


@dataclass(frozen=True)
class Bench:
    """A benchmark: the words of its command line for a quick look and for figures to go by, and its lines."""

    name: str
    quick: str
    full: str
    lines: Callable[[Result], Iterator[Line]]
    repeats: bool = True  # whether it takes `--runs`


def _pairs(result: Result) -> Iterator[tuple[str, Result]]:
    """Each peer of a comparison, with the figures beside it."""
    for each in (result, *result.get("others", ())):
        if each["peer"] is not None:
            yield each["peer"], each["figures"]


def _beside(
    bench: str, result: Result, key: str, words: str, unit: str, goals: dict[str, Goal]
) -> Iterator[Line]:
    """A line for each peer, with a goal beside those of whom something is wanted."""
    for peer, figures in _pairs(result):
        yield Line(bench, words, unit, **figures[key], peer=peer, goal=goals.get(peer))


def _fanout(result: Result) -> Iterator[Line]:
    yield from _beside(
        "fanout", result, "deliveries_per_s", "saturated", "deliveries/s",
        {"socketio": at_least(30), "nats": at_least(2)},
    )  # fmt: skip
    yield from _beside(
        "fanout",
        result,
        "turn_deliveries_per_s",
        "one message at a time",
        "deliveries/s",
        {"socketio": at_least(1.5)},
    )
    yield from _beside(
        "fanout",
        result,
        "half_p99_ms",
        "write → read at half of one's own, p99",
        "ms",
        {"socketio": at_most(1)},
    )
    yield from _beside(
        "fanout", result, "server_us_per_send", "servers' CPU a send (not their stores')", "µs", {"sketch": at_most(1.5)},
    )  # fmt: skip
    yield Line("fanout", "send → durable answer when quiet, median", "ms",
               result["figures"]["answer_p50_ms"]["ours"], goal=at_most(3, "ours"))  # fmt: skip
    for kind in ("absent", "failed"):
        for peer, why in result.get(kind, {}).items():
            yield Line("fanout", "all of it", peer=peer, fault=f"{kind}: {why}")


def _sends(result: Result) -> Iterator[Line]:
    figures = {key: result[key] for key in ("ours", "theirs", "ratio")}
    yield Line(
        "sends", "acknowledged and durable", "sends/s", **figures, peer=result["peer"], goal=at_least(0.8)
    )
    for name in result["ratios"]:
        quiet = result["figures"][name]["answer_p50_ms"]
        yield Line(
            "sends", f"send → durable answer when quiet, {name}, median", "ms", quiet, goal=at_most(3, "ours")
        )
        yield Line("sends", f"the same, {name}, p99", "ms", result["figures"][name]["answer_p99_ms"])


def _connections(result: Result) -> Iterator[Line]:
    yield from _beside(
        "connections", result, "bytes_per_connection", "memory of an idle connection", "bytes",
        {"bare": at_most(30 * KIB, "difference")},
    )  # fmt: skip
    yield from _beside("connections", result, "idle_us_per_s", "CPU of an idle connection", "µs/s", {})
    yield from _beside("connections", result, "handshakes_per_s", "HTTP answered", "handshakes/s", {})
    yield from _beside("connections", result, "entered_per_s", "greeted and a room opened", "clients/s", {})


def _storm(result: Result) -> Iterator[Line]:
    words = f"{result['clients']:,} come back at once"
    yield Line(
        "storm",
        f"{words}: caught up",
        "clients",
        result["caught_up"],
        goal=at_least(result["struck"], "ours"),
    )
    yield Line("storm", f"{words}: dropped for good", "clients", result["for_good"], goal=at_most(0, "ours"))
    yield Line("storm", f"{words}: until the last is back", "ms", result["all_back_ms"])


def _slow(result: Result) -> Iterator[Line]:
    figures = {key: result[key] for key in ("ours", "theirs", "ratio")}
    yield Line(
        "slow", "readers' p99 beside some who never read", "ms", **figures, peer="without", goal=at_most(1.5)
    )


def _rooms(result: Result) -> Iterator[Line]:
    deepest = next(iter(result["figures"]))
    words = f"pages at offset {int(deepest.split('_')[1]):,}"
    for peer, figures in _pairs(result):
        if peer != "offset":
            yield Line("rooms", words, "s", **figures[deepest], peer=peer,
                       goal=at_most(0.2) if peer == "covering" else None)  # fmt: skip
    yield Line(
        "rooms", "the deepest page ÷ the nearest", "", result["flat"]["cursor"], goal=at_most(1.2, "ours")
    )


def _http_reads(result: Result) -> Iterator[Line]:
    figures = {key: each["ours"] for key, each in result["figures"].items()}
    yield Line("http_reads", "reads at a steady pace, p99", "ms", figures["p99_ms"], goal=at_most(50, "ours"))
    yield Line("http_reads", "control's CPU a read", "ms", figures["server_ms"])
    yield Line(
        "http_reads", "common data, in the handler", "ms", figures["common_ms"], goal=at_most(1, "ours")
    )


def _search(result: Result) -> Iterator[Line]:
    yield Line("search", "the slowest term, p95", "ms", result["ours"])


def _sweeps(result: Result) -> Iterator[Line]:
    """How much more the largest size costs than the smallest."""
    for what, key, words, unit in (
        ("members", "us_per_delivery", "CPU a delivery", "µs"),
        ("rooms", "us_per_send", "CPU a send", "µs"),
        ("replicas", "us_per_send", "CPU a send", "µs"),
        ("messages", "newest_page_ms", "the newest page", "ms"),
        ("messages", "resume_ms", "to resume", "ms"),
        ("messages", "send_ms", "to send", "ms"),
    ):
        if len(rows := result["sweeps"].get(what, {})) > 1:
            least, most = next(iter(rows)), list(rows)[-1]
            ours, theirs = rows[most][key], rows[least][key]
            said = f"{words}, {int(most):,} {what}"
            yield Line(
                "sweeps",
                said,
                unit,
                ours,
                f"{int(least):,} {what}",
                theirs,
                ours / theirs if theirs else None,
            )
    for what, why in result["failed"].items():
        yield Line("sweeps", what, fault=f"failed: {why.strip().splitlines()[-1]}")


PEERS: Final = "--peer socketio --peer nats --peer uws --peer python-socketio --peer bare"
BENCHES: Final = (
    Bench("fanout", f"{PEERS} --seconds 0.5 --runs 1", PEERS, _fanout),
    Bench("sends", "--seconds 0.5 --runs 1", "", _sends),
    Bench("connections", "--connections 500 --idle 1 --runs 1", "", _connections),
    Bench("storm", "--clients 1000 --rooms 10 --missed 20", "", _storm, repeats=False),
    Bench("slow", "--readers 100 --slow 20 --seconds 3 --runs 1", "", _slow),
    Bench("http_reads", "--rooms 2000 --seconds 3 --runs 1", "", _http_reads),
    Bench("rooms", "--rooms 20000 --runs 1", "", _rooms),
    Bench("search", "--messages 20000 --times 5", "", _search, repeats=False),
    Bench("sweeps", "--most 100 --seconds 0.3 --runs 1", "", _sweeps),
)
