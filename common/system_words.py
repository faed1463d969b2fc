"""What rooms say by themselves: every code, what it is about, and its sentence for those who do not know the code.

The one table: clients say a code in the language of who reads, by a table of their own; the sentence that is stored with
it is for the others, such as a terminal or a push. It is published at `/asyncapi.json`. A code, once used, is in logs for
ever: its sentence may change, its parameters may not.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import Final, NamedTuple

from common.errors import Language
from common.protocol import SystemWord


class Sentence(NamedTuple):
    """A sentence in English and Korean; its parameters stand in braces."""

    en: str
    ko: str

    @property
    def params(self) -> frozenset[str]:
        """The names of what it is about."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.en) if name)


WORDS: Final[dict[str, Sentence]] = {
    "class_opened": Sentence("The class “{title}” is open.", "‘{title}’ 수업이 열렸습니다."),
    "class_changed": Sentence("The class “{title}” was changed.", "‘{title}’ 수업 내용이 바뀌었습니다."),
    "class_closed": Sentence("The class “{title}” is closed.", "‘{title}’ 수업이 마감되었습니다."),
    "class_cancelled": Sentence("The class “{title}” was cancelled.", "‘{title}’ 수업이 취소되었습니다."),
    "meeting_link": Sentence("The meeting is at {url}", "모임 링크: {url}"),
    "match_made": Sentence(
        "“{title}” is on: you are {people}.", "‘{title}’ 매칭이 성사되었습니다. 모두 {people}명입니다."
    ),
    "pair_made": Sentence(
        "You two are matched, and this is your room.",
        "두 사람의 매칭이 성사되었습니다. 여기가 두 사람의 방입니다.",
    ),
    "match_cancelled": Sentence("“{title}” was cancelled.", "‘{title}’ 매칭이 취소되었습니다."),
}


def text_of(code: str, params: Mapping[str, str | int], language: Language = "ko") -> str:
    """The sentence of `code`. Raises ValueError when there is no such code, or it is not about that: a bug of the caller's."""
    sentence = WORDS.get(code)
    if sentence is None or sentence.params != params.keys():
        raise ValueError(f"no room says {code} of {sorted(params)}")
    return (sentence.ko if language == "ko" else sentence.en).format(**params)


def said(word: SystemWord, text: str, language: Language) -> str:
    """What a room said, in this language; `text`, which came with it, where this version does not know the code."""
    try:
        return text_of(word.code, word.params, language)
    except ValueError:
        return text
