"""The table of what rooms say by themselves."""

from __future__ import annotations

import pytest

from common.protocol import SystemWord
from common.system_words import WORDS, Sentence, said, text_of


@pytest.mark.parametrize("code", WORDS)
def test_a_sentence_is_about_the_same_in_both_languages(code: str) -> None:
    word = WORDS[code]
    assert Sentence(word.ko, word.en).params == word.params
    params = dict.fromkeys(word.params, 1)
    assert "{" not in text_of(code, params, "ko") + text_of(code, params, "en")


@pytest.mark.parametrize(
    ("code", "params"),
    [("unheard_of", {}), ("class_opened", {}), ("class_opened", {"title": "x", "more": 1})],
)
def test_what_is_not_in_the_table_is_nobodys_word(code: str, params: dict[str, str | int]) -> None:
    with pytest.raises(ValueError, match=code):
        text_of(code, params)


def test_a_word_is_said_in_the_language_of_who_reads() -> None:
    word = SystemWord("class_opened", {"title": "자료구조"})
    assert said(word, "", "ko") == "‘자료구조’ 수업이 열렸습니다."
    assert said(word, "", "en") == "The class “자료구조” is open."


def test_what_braces_a_title_has_stay_as_they_are() -> None:
    assert said(SystemWord("class_opened", {"title": "{url} {0.__class__}"}), "", "en") == (
        "The class “{url} {0.__class__}” is open."
    )


def test_a_code_of_a_newer_server_is_said_as_it_came() -> None:
    assert said(SystemWord("of_the_future"), "무언가 일어났습니다.", "en") == "무언가 일어났습니다."
