"""Values that must be in no log, and the forms in which one might be there all the same."""

import base64
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

SHORT = 8  #: characters; what is as short is looked for as a word, since numbers of every kind stand in a log


class Canaries:
    """By what they are."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def add(self, name: str, value: str) -> str:
        """Look for this one as well; returns it."""
        assert len(value) > 5, f"{name} is found by chance"
        assert self.known.setdefault(name, value) == value, f"there are two canaries {name}"
        return value

    def found_in(self, text: bytes) -> set[str]:
        """What stands in a text, in whatever form."""
        return {name for name, value in self.known.items() if any(_stands(form, text) for form in set(forms(value)))}


def _stands(form: bytes, text: bytes) -> bool:
    if len(form) > SHORT or form not in text:  # which is a hundred times as fast as a pattern is
        return form in text
    # nor is it one behind a dot, where fractions of a second are
    return re.search(rb"(?<![0-9A-Za-z.])" + re.escape(form) + rb"(?![0-9A-Za-z])", text) is not None


def forms(value: str) -> Iterator[bytes]:
    """In clear, escaped as programs do it, in hexadecimals, and in base64 wherever it begins there."""
    clear = value.encode()
    yield from (clear, value.upper().encode(), clear.hex().encode(), clear.hex().upper().encode())
    yield from (quote(value, safe="").encode(), quote_plus(value).encode())
    yield from (json.dumps(value)[1:-1].encode(), value.encode("unicode_escape"), repr(clear)[2:-1].encode())
    for offset in range(3):
        whole = base64.b64encode(bytes(offset) + clear)
        inside = whole[(0, 2, 3)[offset] : (offset + len(clear)) * 8 // 6]  # that depends on nothing beside it
        yield from (inside, inside.translate(bytes.maketrans(b"+/", b"-_")))
