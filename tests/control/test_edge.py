"""What a request says of itself, and how far it is believed."""

from __future__ import annotations

from ipaddress import ip_network

from common.addresses import is_local
from common.ids import is_uuid
from control.edge import client_address, headers_of, is_from_our_pages, request_id

PROXIES = (ip_network("10.0.0.0/8"), ip_network("::1/128"))
OURS = frozenset({"https://madang.test"})


def test_the_client_is_whom_our_nearest_proxy_heard() -> None:
    for peer, forwarded, client in (
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # a stranger says so
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.1, 198.51.100.1", "198.51.100.1"),  # what stands before is hearsay
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"),  # two proxies of ours
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("::1", "2001:db8::1", "2001:db8::1"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        (None, "198.51.100.1", "unknown"),
    ):
        assert client_address(peer, {"x-forwarded-for": forwarded}, PROXIES) == client, (peer, forwarded)


def test_an_id_is_kept_only_from_a_proxy_and_only_a_sane_one() -> None:
    given = {"x-request-id": "abc-123_DEF.4"}
    assert request_id("10.0.0.1", given, PROXIES) == "abc-123_DEF.4"
    assert is_uuid(request_id("203.0.113.7", given, PROXIES))
    assert is_uuid(request_id("10.0.0.1", {"x-request-id": "a" * 65}, PROXIES))
    assert is_uuid(request_id("10.0.0.1", {}, PROXIES))


def test_who_is_local() -> None:
    for address in ("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "::1", "fd00::1"):
        assert is_local(address)
    for address in ("8.8.8.8", "2001:4860:4860::8888", "unknown"):
        assert not is_local(address)


def test_which_pages_are_ours() -> None:
    for headers, ours in (
        ({"origin": "https://madang.test"}, True),
        ({"origin": "https://madang.test", "sec-fetch-site": "cross-site"}, True),  # an origin we listed
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": "https://evil.test", "sec-fetch-site": "same-origin"}, False),
        ({"origin": "https://madang.test.evil.test"}, False),
        ({"origin": "http://madang.test"}, False),
        ({"origin": "null"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({}, False),
    ):
        assert is_from_our_pages(headers, OURS) is ours, headers


def test_headers_are_joined_as_the_standards_allow() -> None:
    raw = [(b"X-Forwarded-For", b"a"), (b"x-forwarded-for", b"b"), (b"Cookie", b"c=1"), (b"cookie", b"d=2")]
    assert headers_of(raw) == {"x-forwarded-for": "a, b", "cookie": "c=1; d=2"}
