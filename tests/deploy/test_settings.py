"""The command line and the ports that follow from it."""

from __future__ import annotations

import pytest

from deploy.embedded.errors import SetUpError
from deploy.local import settings
from deploy.local.settings import choose_ports, read_options


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Which ports are taken; none until a test adds some."""
    ports: set[int] = set()
    monkeypatch.setattr(settings, "is_free", lambda port: port not in ports)
    monkeypatch.setattr(settings, "free_port", lambda: 25_000)
    return ports


def test_ports_are_the_documented_ones_when_nothing_is_said(taken: set[int]) -> None:
    told: list[str] = []
    ports = choose_ports(3, {}, told.append)
    assert (ports.front, ports.control) == (8000, 8001)
    assert (ports.chatd, ports.private) == ((8101, 8102, 8103), (8201, 8202, 8203))
    assert told == []


def test_a_taken_default_is_replaced_and_told(taken: set[int]) -> None:
    taken |= {8000, 8102}
    told: list[str] = []
    ports = choose_ports(2, {}, told.append)
    assert (ports.front, ports.chatd) == (25_000, (8101, 25_000))
    assert told == ["Some ports are taken; using 25000 instead of 8000, 25000 instead of 8102."]


def test_given_ports_are_taken_at_their_word(taken: set[int]) -> None:
    ports = choose_ports(2, {"MADANG_PORT": " 80 ", "CHATD_PORT": "9001"}, pytest.fail)
    assert (ports.front, ports.chatd) == (80, (9001, 9002))

    taken.add(9002)
    with pytest.raises(
        SetUpError, match=r"Port 9002 \(CHATD_PORT\) is taken: stop what uses it, or set CHATD_PORT"
    ):
        choose_ports(2, {"CHATD_PORT": "9001"}, pytest.fail)


@pytest.mark.parametrize("word", ["eighty", "0", "65536", "-1", "8.5"])
def test_a_word_that_is_no_port_is_refused(word: str, taken: set[int]) -> None:
    with pytest.raises(SetUpError, match=f"MADANG_PORT={word} is not a port: give a number from 1 to 65535"):
        choose_ports(1, {"MADANG_PORT": word}, pytest.fail)


def test_the_command_line() -> None:
    assert read_options([]) == settings.Options(chatd=2, fresh=False, smoke=False, quiet=False, demo=True)
    assert read_options(["--chatd", "5", "--no-demo", "--fresh"]).chatd == 5


@pytest.mark.parametrize("words", [["--chatd", "0"], ["--chatd", "many"], ["--fre"], ["extra"]])
def test_a_wrong_command_line_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        read_options(words)
    assert caught.value.code == 2
    assert "usage: ./deploy/up" in capsys.readouterr().err


def test_help_names_every_variable(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_options(["--help"])
    said = capsys.readouterr().out
    for variable in (*settings.STORES, "MADANG_PORT", "CONTROL_PORT", "CHATD_PORT", "CHATD_PRIVATE_PORT"):
        assert variable in said
