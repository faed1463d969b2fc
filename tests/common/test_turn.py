"""TURN credentials are those of coturn's REST scheme, short-lived, and tell nobody the secret."""

from __future__ import annotations

import pytest

from common import turn
from common.protocol import IceServer
from common.settings import BadSettings, reading
from common.turn import IceServers, credentials, read_ice_servers

SECRET = "youhavetoberealistic"


def test_the_password_is_what_coturn_makes_of_the_name() -> None:
    """By hand: printf 1433895918:ninefingers | openssl dgst -sha1 -hmac youhavetoberealistic -binary | openssl base64."""
    at = 1433895918 - int(turn.LIFE)
    assert credentials(SECRET, "ninefingers", at) == (
        "1433895918:ninefingers",
        "DG2rrvT2iZ3vxsq7q92fEhqjQnM=",
    )


def test_a_browser_is_told_of_both_kinds_and_of_none_where_there_is_none() -> None:
    servers = IceServers(("stun:a:3478",), ("turn:a:3478", "turns:a:5349"), SECRET)
    stun, relay = servers.for_user("mina", 1000)
    assert stun == IceServer(urls=["stun:a:3478"])
    assert relay.urls == ["turn:a:3478", "turns:a:5349"]
    assert relay.username == f"{1000 + int(turn.LIFE)}:mina"
    assert IceServers().for_user("mina", 1000) == []
    assert SECRET not in repr(servers)


def test_what_is_wrong_with_the_settings_is_named_and_the_secret_is_not() -> None:
    with reading({"TURN_URLS": "turn:a", "TURN_SECRET": SECRET, "STUN_URLS": "stun:a, stuns:b"}) as env:
        assert read_ice_servers(env) == IceServers(("stun:a", "stuns:b"), ("turn:a",), SECRET)
    with (
        pytest.raises(BadSettings) as caught,
        reading({"TURN_URLS": "turn:a,http://b", "STUN_URLS": "turn:c", "TURN_SECRET": "short"}) as env,
    ):
        read_ice_servers(env)
    said = str(caught.value)
    assert "STUN_URLS: 'turn:c'" in said
    assert "TURN_URLS: 'http://b'" in said
    assert "TURN_SECRET must have at least 16" in said
    assert "short" not in said
    with pytest.raises(BadSettings, match="TURN_SECRET is not set"), reading({"TURN_URLS": "turn:a"}) as env:
        read_ice_servers(env)
