"""The words a text is filed under, and those that a search asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.search import QUERY_TERMS, query_terms, terms_of, weighted_terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("鲜牛奶", {"鲜", "牛", "奶", "鲜牛", "牛奶"}),
        ("茶", {"茶"}),
        ("Milk", {"mi", "mil", "milk"}),
        ("a b", {"a", "b"}),
        ("Crème", {"cr", "cre", "crem", "creme"}),
        ("\uff2d\uff29\uff2c\uff2b", {"mi", "mil", "milk"}),  # full-width letters
        ("有机milk奶", {"有", "机", "有机", "mi", "mil", "milk", "奶"}),
        ("500ml", {"50", "500", "500m", "500ml"}),
        ("牛\uff0c奶", {"牛", "奶"}),
        ("", set()),
        ("!?。", set()),
    ],
)
def test_a_text_is_filed_under_beginnings_characters_and_pairs(text: str, terms: set[str]) -> None:
    assert terms_of(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("鲜牛奶", ["鲜牛", "牛奶"]),
        ("奶", ["奶"]),
        ("fresh MILK", ["fresh", "milk"]),
        ("CREME brûlée", ["creme", "brulee"]),
        ("有机milk奶", ["milk", "有机", "奶"]),
        ("milk milk", ["milk"]),
        ("!?。", []),
    ],
)
def test_a_search_asks_for_whole_words_and_pairs(text: str, terms: list[str]) -> None:
    assert query_terms(text) == terms


def test_long_words_are_filed_and_asked_for_by_their_first_twelve_letters() -> None:
    assert query_terms("internationalisation") == ["internationa"]
    assert "internationa" in terms_of("internationalisation")
    assert max(map(len, terms_of("internationalisation"))) == 12


def test_a_search_looks_at_eight_terms_at_most() -> None:
    assert query_terms("一二三四五六七八九十百千") == ["一二", "二三", "三四", "四五", "五六", "六七", "七八", "八九"]
    assert len(query_terms(" ".join(f"word{n}" for n in range(20)))) == QUERY_TERMS


def test_a_word_counts_by_the_best_place_it_stands_in() -> None:
    assert weighted_terms([("tea", 8), ("tea pot", 1)]) == {"te": 8, "tea": 8, "po": 1, "pot": 1}


hanzi = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=8)
latin = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzéüñ0123456789"), min_size=2, max_size=16)


@given(before=st.lists(hanzi | latin, max_size=3), run=hanzi, data=st.data())
def test_any_piece_of_a_chinese_name_finds_it(before: list[str], run: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    assert set(query_terms(run[start:end])) <= terms_of(" ".join([*before, run]))


@given(words=st.lists(latin, min_size=1, max_size=4), data=st.data())
def test_any_beginning_of_a_latin_word_finds_it(words: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(words))
    beginning = word[: data.draw(st.integers(2, len(word)))]
    assert set(query_terms(beginning.upper())) <= terms_of(" ".join(words))


@given(words=st.lists(hanzi | latin, min_size=1, max_size=4))
def test_a_whole_name_finds_itself(words: list[str]) -> None:
    assert set(query_terms(" ".join(words))) <= terms_of(" ".join(words))
