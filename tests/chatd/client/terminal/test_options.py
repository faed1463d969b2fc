"""Where Madang is, who one is, and in which language: from arguments, the environment and what runs here."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatd.client.terminal.options import language_of_machine, read_options, socket_url
from chatd.client.terminal.words import _WORDS, HELP, say


def test_arguments_win_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    environ = {
        "MADANG_URL": "http://env",
        "MADANG_EMAIL": "env@x.org",
        "MADANG_PASSWORD": "p",
        "NO_COLOR": "1",
    }
    options = read_options(["--url", "https://arg", "--room", "r", "--language", "ko"], environ)
    assert (options.url, options.email, options.password) == ("https://arg", "env@x.org", "p")
    assert (options.sockets, options.language, options.colour) == (("wss://arg/socket",), "ko", False)


def test_replicas_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    options = read_options(["--url", "http://x", "--chatd", "ws://a/socket", "--chatd", "ws://b/socket"], {})
    assert options.sockets == ("ws://a/socket", "ws://b/socket")


def test_the_running_instance_is_found_from_below(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".madang").mkdir()
    (tmp_path / ".madang" / "run.json").write_text('{"url": "http://127.0.0.1:8000", "pid": 1}')
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    assert read_options([], {}).url == "http://127.0.0.1:8000"


def test_nowhere_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    options = read_options([], {})
    assert (options.url, options.sockets) == (None, ())


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LC_MESSAGES": "ko", "LANG": "C"}, "ko"),
        ({}, "en"),
    ],
)
def test_the_language_follows_the_locale(environ: dict[str, str], language: str) -> None:
    assert language_of_machine(environ) == language


def test_sockets_are_at_the_one_address() -> None:
    assert socket_url("https://madang.example:8443/") == "wss://madang.example:8443/socket"


def test_every_sentence_is_in_both_languages_with_the_same_values() -> None:
    import string

    for key, (english, korean) in _WORDS.items():
        names = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, korean)
        ]
        assert names[0] == names[1], key
    assert all(english and korean for _, english, korean in HELP)
    assert say("ko", "joined", name="아린") == "아린님이 들어왔습니다"
