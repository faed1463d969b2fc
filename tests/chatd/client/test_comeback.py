"""When to come back: patiently, spread out, and not at all where that would be wrong."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatd.client.comeback import BASE, CAP, STABLE, Comeback, Loss, full_jitter
from chatd.client.errors import Stopped


@given(st.integers(0, 10_000), st.integers())
def test_jitter_stays_below_its_cap(attempt: int, seed: int) -> None:
    assert 0 <= full_jitter(attempt, Random(seed)) <= min(CAP, BASE * 2 ** min(attempt, 40))


def test_every_replica_has_its_turn_in_an_order_of_ones_own() -> None:
    urls = ("a", "b", "c")
    orders = set()
    for seed in range(50):
        comeback = Comeback(urls, Random(seed))
        order = tuple(comeback.next_url() for _ in range(6))
        assert set(order[:3]) == set(urls)
        assert order[3:] == order[:3]
        orders.add(order)
    assert len(orders) == 6


def test_patience_is_forgotten_after_a_connection_that_held() -> None:
    comeback = Comeback(["a"], Random(1))
    flapping = [comeback.after(Loss("x", lived=1)) for _ in range(50)]
    assert max(flapping) > 5
    assert comeback.after(Loss("x", lived=STABLE)) <= BASE


def test_what_the_server_asks_comes_on_top() -> None:
    assert 7 <= Comeback(["a"], Random(1)).after(Loss("draining", 4001, after=7.0)) <= 7 + BASE


def test_one_bad_token_is_forgiven_until_a_token_was_accepted() -> None:
    comeback = Comeback(["a"], Random(1))
    assert comeback.after(Loss("bad token", 4500)) == 0
    comeback.welcomed()
    assert comeback.after(Loss("bad token", 4500)) == 0
    with pytest.raises(Stopped):
        comeback.after(Loss("session revoked", 4503))


@pytest.mark.parametrize("loss", [Loss("no", 4501), Loss("no", 4999), Loss("HTTP 403", forbidden=True)])
def test_some_losses_are_final(loss: Loss) -> None:
    with pytest.raises(Stopped):
        Comeback(["a"], Random(1)).after(loss)


def test_a_client_needs_somewhere_to_go() -> None:
    with pytest.raises(ValueError, match="URL"):
        Comeback([], Random(1))
