"""What people might say: any number of messages in Korean and English, the same ones for the same seed.

Words are made of syllables by rank, as often as Zipf's law has it, so that grams are as unevenly spread as in talk.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate, product
from typing import Final

_SYLLABLES: Final = (
    "이다는가고하지기에사나자라아의도리를그시어인서은한대여정일수보해스으로만전제주부마오들을우비안요면원상동장무과구소"
    "었있러세연당치음식집밥국물방문길달밤강산봄여름가을겨울친구점심저녁아침"
)
_ENDINGS: Final = (
    "",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "에서",
    "으로",
    "했어요",
    "합니다",
    "할까요?",
    "네요",
    "죠",
)
_STARTS: Final = ("st", "r", "m", "tr", "l", "b", "c", "d", "pl", "n", "w", "th", "s", "g", "h", "f")
_CORES: Final = ("a", "e", "i", "o", "u", "ea", "ou")
_CODAS: Final = ("n", "r", "t", "ck", "", "nd", "st", "ll")
_STEMS: Final = 4000  # words of each language, before endings


class Talk:
    """A vocabulary, and messages made of it."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.korean = self._words(["".join(pair) for pair in product(dict.fromkeys(_SYLLABLES), repeat=2)])
        pieces = ["".join(parts) for parts in product(_STARTS, _CORES, _CODAS)]
        self.english = self._words(
            [first + second for first, second in zip(pieces, pieces[::-1], strict=True)]
        )
        self._weights = list(accumulate(1 / (rank + 8) for rank in range(_STEMS)))

    def _words(self, words: list[str]) -> list[str]:
        self._random.shuffle(words)
        return (words * (_STEMS // len(words) + 1))[:_STEMS]

    def messages(self, count: int) -> Iterator[str]:
        """So many messages, seven of ten of them Korean."""
        draw = self._random
        for _ in range(count):
            size = 2 + int(draw.expovariate(0.3))
            if draw.random() < 0.7:
                stems = draw.choices(self.korean, cum_weights=self._weights, k=size)
                yield " ".join(stem + draw.choice(_ENDINGS) for stem in stems)
            else:
                yield " ".join(draw.choices(self.english, cum_weights=self._weights, k=size + 1))
