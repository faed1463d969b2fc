"""The benchmarks run and report, in small, so that they are there when they are needed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from deploy.embedded.mongo import Mongo
from tests.bench import sends, sweeps
from tests.bench.goals import BENCHES
from tests.bench.harness import Plan, alternate
from tests.bench.ours import open_madang

BENCH = Path(__file__).resolve().parent


def run_bench(name: str, *words: str) -> list[str]:
    """The lines it printed."""
    done = subprocess.run(
        [sys.executable, BENCH / name, *words],
        capture_output=True,
        text=True,
        timeout=400,  # of a busy machine
        cwd="/",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def last_line(lines: list[str]) -> dict[str, Any]:
    """The result, of which the table of all benchmarks can show something."""
    found: dict[str, Any] = json.loads(lines[-1])
    for bench in BENCHES:
        if bench.name == found["bench"]:
            assert list(bench.lines(found)) or found.get("peer", "") is None  # who is alone has nobody beside
    return found


@pytest.mark.parametrize("ours", ["madang", "bare"])
def test_fanout_counts_every_delivery_and_ends_in_json(ours: str) -> None:
    lines = run_bench(
        "fanout.py", "--ours", ours, "--peer", "bare", "--members", "20", "--senders", "2",
        "--seconds", "0.2", "--runs", "1",
    )  # fmt: skip
    assert not [line for line in lines if "warning" in line and "bottleneck" not in line]
    result = last_line(lines)
    assert result["bench"] == "fanout"
    assert result["ours"] > 0
    assert result["runs"] == 1


def test_connections_weighs_and_ends_in_json() -> None:
    lines = run_bench(
        "connections.py",
        "--ours",
        "bare",
        "--peer",
        "bare",
        "--connections",
        "60",
        "--idle",
        "0.2",
        "--runs",
        "1",
    )
    result = last_line(lines)
    assert result["bench"] == "connections"
    assert result["unit"] == "bytes"


@pytest.mark.parametrize("how", ["cut", "drain"])
def test_storm_brings_everybody_back_and_ends_in_json(how: str) -> None:
    result = last_line(
        run_bench(
            "storm.py", "--how", how, "--clients", "60", "--rooms", "3", "--missed", "5", "--drain", "0.5"
        )
    )
    assert result["struck"] == result["caught_up"] == (60 if how == "cut" else 30)
    assert result["recovered"] == (300 if how == "cut" else 0)
    assert result["holes"] == result["resets"] == result["deaf"] == result["for_good"] == 0


def test_slow_compares_with_and_without_those_who_never_read() -> None:
    result = last_line(
        run_bench(
            "slow.py", "--readers", "20", "--slow", "4", "--seconds", "1", "--rate", "50", "--runs", "1"
        )
    )
    assert result["ratio"] > 0
    assert result["figures"]["missing"] == result["figures"]["dropped"] == 0


def test_a_soak_keeps_every_promise_and_ends_in_json() -> None:
    result = last_line(run_bench("soak.py", "--minutes", "0.05", "--pause", "0.1", "--slope", "1000"))
    assert result["acknowledged"] > 0
    assert result["violations"] == 0
    assert result["flat"]


@pytest.mark.parametrize("name", ["fanout.py", "connections.py"])
def test_a_peer_that_is_not_there_is_told_in_one_line(name: str) -> None:
    lines = run_bench(name, "--ours", "sketch", "--runs", "1", "--peer", "sketch")
    assert lines == ["sketch is absent: say where chatd_sketch.py lies: --sketch FOLDER"]


def test_rooms_shows_the_same_pages_by_every_way_and_what_the_count_costs() -> None:
    result = last_line(run_bench("rooms.py", "--rooms", "1500", "--runs", "1"))
    assert result["bench"] == "rooms"
    assert set(result["flat"]) == {"cursor", "offset", "covering", "plain"}
    assert set(result["doors"]) == {"make_s", "join_s", "fill_s"}


def test_search_finds_what_is_rare_and_tells_its_cost_and_its_plan() -> None:
    lines = run_bench("search.py", "--messages", "2000", "--times", "1")
    result = last_line(lines)
    assert result["bench"] == "search"
    assert result["cost"]["index_bytes"] > 0
    assert {len(figures) for figures in result["figures"].values()} == {2}
    assert any("_id" in line for line in run_bench("search.py", "--plan"))


def test_sends_are_compared_with_what_the_log_takes_and_long_rooms_are_leafed_through() -> None:
    plan, name = Plan(rooms=2, members=0, replicas=1, senders=1), "1 replica"
    with (
        tempfile.TemporaryDirectory(prefix="madang-bench-") as folder,
        Mongo(Path(folder) / "log") as log,
        open_madang(plan, Path(folder)) as target,
    ):
        rows = sweeps.leaf_through(target, [200, 1000], tries=2)  # while its rooms are empty
        comparison = alternate(
            [name, sends.INSERTS], lambda each: sends.measure(each, {name: target}, log, 0.1), 1
        )
    result = sends.summary(comparison)
    assert last_line([json.dumps(result)])["ratio"] > 0
    assert comparison.median(name, "group_50") > comparison.median(name, "group_1") >= 1
    assert comparison.median(name, "unanswered") == comparison.median(name, "refused") == 0
    assert {figure > 0 for row in rows.values() for figure in row.values()} == {True}
    assert set(rows[1000]) == set(sweeps.LEAFED)


def test_sweeps_tell_what_each_size_costs() -> None:
    result = last_line(
        run_bench(
            "sweeps.py", "--of", "replicas", "--most", "2", "--ours", "bare", "--seconds", "0.1", "--senders", "2",
            "--runs", "1",
        )
    )  # fmt: skip
    assert not result["failed"]
    assert result["sweeps"]["replicas"]["2"]["us_per_delivery"] > 0


def test_sizes_go_up_by_tens_to_the_most() -> None:
    assert sweeps.sizes(1, 5000) == [1, 10, 100, 1000, 5000]
    assert sweeps.sizes(1, 1) == [1]
    assert sweeps.sizes(1000, 10_000) == [1000, 10_000]
