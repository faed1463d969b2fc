"""Of one address only so many may be about to say who they are; whoever has said it makes room."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_network

import pytest

from chatd.anonymous import Anonymous

PROXY, ONE, OTHER = "10.0.0.7", "203.0.113.7", "203.0.113.8"


@pytest.fixture
def socks() -> Iterator[list[socket.socket]]:
    made = [socket.socket() for _ in range(6)]
    yield made
    for sock in made:
        sock.close()


@pytest.fixture
def anonymous() -> Anonymous:
    return Anonymous(2, (ip_network("10.0.0.0/8"),))


def test_an_address_has_so_many_and_another_has_its_own(
    anonymous: Anonymous, socks: list[socket.socket]
) -> None:
    assert anonymous.knock(socks[0], ONE)
    assert anonymous.knock(socks[1], ONE)
    assert not anonymous.knock(socks[2], ONE)
    assert anonymous.knock(socks[3], OTHER)


def test_whoever_said_hello_makes_room_and_for_one_alone(
    anonymous: Anonymous, socks: list[socket.socket]
) -> None:
    for sock in socks[:2]:
        anonymous.knock(sock, ONE)
    for _ in range(3):
        anonymous.leave(socks[0])
    anonymous.leave(socks[5])
    assert anonymous.knock(socks[2], ONE)
    assert not anonymous.knock(socks[3], ONE)


def test_whom_a_proxy_brings_is_counted_by_their_own_address(
    anonymous: Anonymous, socks: list[socket.socket]
) -> None:
    for sock in socks:
        assert anonymous.knock(sock, PROXY)
    assert [anonymous.introduce(sock, PROXY, ONE) for sock in socks[:3]] == [True, True, False]
    assert anonymous.introduce(
        socks[3], PROXY, f"{ONE}, {OTHER}, 10.1.2.3"
    )  # what the client wrote is hearsay
    assert anonymous.introduce(socks[4], PROXY, "")
    anonymous.leave(socks[0])
    assert anonymous.introduce(socks[2], PROXY, ONE)


def test_who_came_without_a_proxy_is_not_believed(anonymous: Anonymous, socks: list[socket.socket]) -> None:
    for sock in socks[:2]:
        assert anonymous.knock(sock, ONE)
        assert anonymous.introduce(sock, ONE, OTHER)
    assert not anonymous.knock(socks[2], ONE)
    assert anonymous.knock(socks[3], OTHER)
