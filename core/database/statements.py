"""Which tables a statement reads and which it writes, found in its text."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

LONGEST_KEPT = 8_192  #: characters; the ORM writes a text of its own for every number of rows


class Tables(NamedTuple):
    """Names that stand where a table's must; a CTE's may be among them, and does no harm: nobody else writes to it."""

    read: frozenset[str]
    written: frozenset[str]


_WORD = re.compile(
    r"""'(?:[^']|'')*' | --[^\n]* | /\*.*?\*/ | (\$(?:[a-z_]\w*)?\$).*?\1  # texts and comments name no table
    | "(?P<quoted>[^"]+)" | (?P<plain>[a-z_]\w*|[(),.])""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_WRITES = frozenset({"into", "update", "delete", "truncate"})
_LISTS = frozenset({"from", "using", "truncate"})  #: a comma after a table of theirs is followed by another
_ANNOUNCE = _LISTS | {"into", "update", "join"}
_SKIPPED = frozenset({"only", "lateral", "table", "."})
#: FOR UPDATE locks what another clause names; ON CONFLICT DO UPDATE and MERGE's THEN UPDATE write what INTO has named
_ANNOUNCE_NOTHING = frozenset({"for update", "key update", "do update", "then update", "distinct from"})
_ENDS = frozenset(
    {"where", "set", "group", "order", "having", "limit", "offset", "fetch", "for", "returning", "select", "values"}
    | {"window", "union", "intersect", "except"}
)


def tables_of(sql: str) -> Tables:
    """The tables of a statement; known by its text, since the same few hundred are sent all day."""
    return _known(sql) if len(sql) <= LONGEST_KEPT else _find(sql)


def _find(sql: str) -> Tables:
    found = list(_references(sql))
    return Tables(
        frozenset(name for verb, name in found if verb not in _WRITES),
        frozenset(name for verb, name in found if verb in _WRITES),
    )


_known = lru_cache(maxsize=4096)(_find)


def _references(sql: str) -> Iterator[tuple[str, str]]:
    """Each table with the word that announced it."""
    announced, lists = "", [""]  # the lists of tables that are open, by depth of brackets
    words = ["", *_words(sql), ""]
    for before, word, after in zip(words, words[1:], words[2:], strict=False):
        if word in {"(", ")"}:
            lists = [*lists, announced] if word == "(" else lists[:-1] or [""]
            announced = announced if word == "(" else ""
        elif word == ",":
            announced = lists[-1]
        elif word in _ENDS:
            announced = lists[-1] = ""
        elif _announces(before, word, after):
            announced = "delete" if before == "delete" else word
            lists[-1] = word if word in _LISTS else lists[-1]
        elif announced and word not in _SKIPPED and after != ".":
            if after != "(" or announced == "into":  # else it is a function
                yield announced, word
            announced = ""


def _announces(before: str, word: str, after: str) -> bool:
    """Whether a table follows, or a list of them; USING (...) has the columns that a join goes by."""
    if word == "using" and after == "(":
        return False
    return word in _ANNOUNCE and f"{before} {word}" not in _ANNOUNCE_NOTHING


def _words(sql: str) -> Iterator[str]:
    for match in _WORD.finditer(sql):
        if match["quoted"]:
            yield match["quoted"]
        elif match["plain"]:
            yield match["plain"].lower()
