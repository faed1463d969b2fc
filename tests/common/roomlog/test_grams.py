"""Grams: nothing that is in a text is missed, whatever the script; what cannot be narrowed says so."""

from __future__ import annotations

import unicodedata
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.roomlog.grams import (
    MOST_NEEDLES,
    Shelves,
    bucket_of,
    fold,
    grams_of,
    needles_of,
    places_of,
    without,
    words_of,
)

SPAN, BUCKETS = 64, 8

TEXTS = st.lists(
    st.text(st.sampled_from("가각한글밥국집 abcAB é1ㅋ👍\n"), max_size=12) | st.text(max_size=8),
    max_size=SPAN,
)


def found(texts: list[str], sought: str) -> list[int] | None:
    """The places that the index proposes for `sought`; None when it has nothing to go by."""
    shelves = Shelves(SPAN, BUCKETS)
    for place, text in enumerate(texts):
        shelves.add(place, text)
    filled = shelves.filled()
    needles = needles_of(words_of(sought))
    if not needles:
        return None
    return places_of([(each, filled[bucket_of(each.text, BUCKETS)]) for each in needles], SPAN)


@given(TEXTS, st.data())
def test_whatever_stands_in_a_text_is_found(texts: list[str], data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(texts)) if texts else "가"
    low = data.draw(st.integers(0, len(whole)))
    sought = whole[low : data.draw(st.integers(low, len(whole)))]
    words = words_of(sought)
    places = found(texts, sought)
    if places is not None:
        true = [place for place, text in enumerate(texts) if all(word in fold(text) for word in words)]
        assert set(true) <= set(places)
        assert places == sorted(set(places))


@pytest.mark.parametrize("sought", ["국밥", "밥", "지국", "돼지국밥집", "집", "돼지 밥"])
def test_hangul_is_found_inside_words(sought: str) -> None:
    assert found(["점심은 뭐", "돼지국밥집 어때", "좋아"], sought) == [1]


@pytest.mark.parametrize("sought", ["taur", "RESTAURANT", "res", "nt", "ant rest"])
def test_letters_are_found_inside_words_whatever_their_case(sought: str) -> None:
    assert found(["lunch?", "That Restaurant again", "안녕"], sought) == [1]


def test_a_single_letter_is_not_narrowed() -> None:
    assert needles_of(["a"]) == []


def test_what_is_in_no_text_is_proposed_nowhere() -> None:
    assert found(["한글", "글한"] * 10, "한글한") == []


def test_hangul_in_separate_letters_is_the_same() -> None:
    apart = unicodedata.normalize("NFD", "한글날")
    assert grams_of(apart) == grams_of("한글날")
    assert found([apart], "글날") == [0]


def test_case_that_is_more_than_one_letter_is_folded() -> None:
    assert fold("STRASSE") == fold("straße")


def test_what_very_many_texts_have_is_packed_as_bits() -> None:
    texts = ["밥 먹자" if place % 3 else "국" for place in range(SPAN)]
    shelves = Shelves(SPAN, BUCKETS)
    for place, text in enumerate(texts):
        shelves.add(place, text)
    shelf = shelves.filled()[bucket_of("먹자", BUCKETS)]
    assert len(shelf.places) <= shelf.grams.count(" ") * (SPAN // 8 + 1)
    assert found(texts, "먹자") == [place for place in range(SPAN) if place % 3]
    assert found(texts, "밥 먹") == [place for place in range(SPAN) if place % 3]


@given(st.text(max_size=200))
def test_a_question_is_of_few_needles(text: str) -> None:
    needles = needles_of(words_of(text))
    assert len(needles) <= MOST_NEEDLES
    assert all(each.text for each in needles)


@given(TEXTS, st.data())
def test_what_is_taken_out_was_never_there(texts: list[str], data: st.DataObject) -> None:
    out = data.draw(st.sets(st.integers(0, SPAN - 1), max_size=9))
    whole, rest = Shelves(SPAN, BUCKETS), Shelves(SPAN, BUCKETS)
    gone: dict[str, set[int]] = defaultdict(set)
    for place, text in enumerate(texts):
        whole.add(place, text)
        if place in out:
            for gram in grams_of(text):
                gone[gram].add(place)
        else:
            rest.add(place, text)
    assert [without(shelf, gone, SPAN) for shelf in whole.filled()] == rest.filled()
