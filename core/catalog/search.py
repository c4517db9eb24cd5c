"""Words to find products by: own terms, since only equality reaches an index under row-level security."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST_PREFIX = 12
QUERY_TERMS = 8  #: a search looks at so many terms at most
_LATIN = re.compile(r"[a-z0-9]+")
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")


def terms_of(text: str) -> set[str]:
    """Every term a text is filed under: words with their beginnings, characters and pairs of them."""
    folded = _fold(text)
    prefixes = {word[:end] for word in _LATIN.findall(folded) for end in range(2, min(len(word), LONGEST_PREFIX) + 1)}
    words = {word[:LONGEST_PREFIX] for word in _LATIN.findall(folded)}
    grams = {gram for run in _CJK.findall(folded) for gram in (*run, *_pairs(run))}
    return prefixes | words | grams


def query_terms(text: str) -> list[str]:
    """The terms a product must have to be found: whole words, and pairs of characters where there are pairs."""
    folded = _fold(text)
    words = [word[:LONGEST_PREFIX] for word in _LATIN.findall(folded)]
    grams = [gram for run in _CJK.findall(folded) for gram in (_pairs(run) or run)]
    return list(dict.fromkeys([*words, *grams]))[:QUERY_TERMS]


def weighted_terms(texts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Terms of several texts, each with the greatest weight of a text that has it."""
    weights: dict[str, int] = {}
    for text, weight in texts:
        for term in terms_of(text):
            weights[term] = max(weight, weights.get(term, 0))
    return weights


def _fold(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]
