"""Answers, as far as they may differ and what must not stand in them."""

import base64
import binascii
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any
from uuid import UUID

from core.ids import new_id
from schema import relay
from tests.security.attack.books import WORD
from tests.security.attack.tables import PASSING

SAID = ("__typename", "code", "message", "path")  #: ends of keys whose values are no accident of the moment
OF_THE_MOMENT = {"requestId", "eventId"}  #: an event's says when it was told
_PHONE, _SCHEME = "+86138", "https://"
_SHORT = 3  #: so short a text may stand anywhere by chance


@dataclass(frozen=True, slots=True)
class Answer:
    """A response to a call, with what was named in the call."""

    response: Mapping[str, Any]
    root: str
    sent: tuple[str, ...]

    @classmethod
    def to(cls, things: Iterable[Any], response: Mapping[str, Any], root: str) -> "Answer":
        """The answer to a call that named these things."""
        sent = {str(thing) for thing in things if len(str(thing)) > _SHORT}
        return cls(response, root, tuple(sent))

    @property
    def value(self) -> Any:
        return (self.response.get("data") or {}).get(self.root)

    @property
    def succeeded(self) -> bool:
        """Whether something was found or done."""
        if self.response.get("errors") or self.value in (None, []):
            return False
        if isinstance(self.value, list):
            return any(item is not None for item in self.value)
        if isinstance(self.value, Mapping):
            return not self.value.get("userErrors") and self.value.get("nodes", True) != []
        return True

    @property
    def denied(self) -> bool:
        """Whether the caller may not call this at all, whatever is named in it."""
        codes = {
            error["extensions"]["code"] for error in self.response.get("errors", ()) if error["path"] == [self.root]
        }
        return self.value is None and bool(codes & {"UNAUTHENTICATED", "FORBIDDEN"})

    @property
    def faulty(self) -> bool:
        """Whether it came to what nobody has foreseen."""
        return any(error["extensions"]["code"] == "INTERNAL" for error in self.response.get("errors", ()))

    def plain(self, *, sent: Sequence[str] = ()) -> Any:
        """The answer without what is of this request alone, and with a sign for whatever was sent."""
        return _settled(self.response, sorted({*self.sent, *sent}, key=len, reverse=True))

    def strings(self) -> Iterator[str]:
        """Every text of the answer."""
        yield from _strings(self.response)

    def was_sent(self, word: str) -> bool:
        """Whether the caller has said it first."""
        return any(word in form for one in self.sent for form in _forms(one))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for below in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _strings(below)


def alike(one: Answer, other: Answer, *, exact: bool = True) -> bool:
    """Whether two answers are the same, but for what was sent; what was done twice was not done to the same thing."""
    first, second = one.plain(sent=other.sent), other.plain(sent=one.sent)
    return bool(first == second if exact else shape(first) == shape(second))


def apart(one: Any, other: Any, path: str = "") -> str:
    """Where two answers, or their shapes, are not the same."""
    if isinstance(one, Mapping) and isinstance(other, Mapping) and one.keys() == other.keys():
        return next((found for key in one if (found := apart(one[key], other[key], f"{path}.{key}"))), "")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return next((found for place, pair in pairs if (found := apart(*pair, f"{path}.{place}"))), "")
    return "" if one == other else f"{path}: {one!r:.80} and {other!r:.80}"


def _settled(value: Any, sent: Sequence[str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _settled(below, sent) for name, below in value.items() if name not in OF_THE_MOMENT}
    if isinstance(value, list):
        return [_settled(item, sent) for item in value]
    return _echoless(value, sent) if isinstance(value, str) else value


def _echoless(text: str, sent: Sequence[str]) -> str:
    """What is repeated by itself, or in a sentence, says nothing."""
    if " " not in text:
        return "…" if text in sent else text
    for one in sent:
        text = text.replace(one, "…")
    return text


def shape(value: Any, name: str = "") -> Any:
    """The same with a kind instead of each value, but for what is said."""
    if isinstance(value, Mapping):
        kind = value.get("__typename")
        return {key: _kind(below) if (kind, key) in PASSING else shape(below, key) for key, below in value.items()}
    if isinstance(value, list) and not name.endswith(SAID):
        return [shape(item) for item in value]
    return value if name.endswith(SAID) or value is None else _kind(value)


def _kind(value: Any) -> str:
    return type(value).__name__


@dataclass(frozen=True, slots=True)
class Canaries:
    """What nobody but its owner may see: words that stand in the owner's rows alone, and ids by their keys."""

    words: frozenset[str]
    marks: tuple[str, ...]

    def in_answer(self, answer: Answer) -> list[str]:
        """What has flown; what the caller has said is no secret of anybody's."""
        texts = {form for text in answer.strings() for form in _forms(text)}
        return [found for text in texts for found in self._in_text(text) if not answer.was_sent(found)]

    def _in_text(self, text: str) -> Iterator[str]:
        yield from (mark for mark in self.marks if mark in text)
        yield from self.words.intersection(WORD.findall(text))


def _forms(text: str) -> Iterator[str]:
    """A text, and what it says underneath: the key of an id, the parts of a cursor or a token."""
    yield text
    if " " in text:
        return
    found = relay.parse(text)
    if found is not None:
        yield str(found[1])
        return
    for part in text.split("."):
        if len(part) >= 16:
            yield _decoded(part)


def _decoded(part: str) -> str:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode(errors="replace")
    except (binascii.Error, ValueError):
        return ""


def unknown(value: Any) -> Any:
    """Something of the same kind that nobody has."""
    if isinstance(value, int):
        return value + 1_000
    found = relay.parse(value)
    if found is not None:
        return relay.global_id(found[0], new_id())
    for kept in (_PHONE, _SCHEME):
        if value.startswith(kept):
            return kept + scrambled(value.removeprefix(kept))
    return _unknown_cursor(value) or scrambled(value)


def _unknown_cursor(value: str) -> str | None:
    """A cursor that stands where the other one does, of a row that is not there."""
    try:
        *before, key = json.loads(_decoded(value))
    except (ValueError, TypeError):
        return None
    text = json.dumps([*before, _neighbour(str(key))])
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _neighbour(key: str) -> str:
    """A key that sorts as the other one does among the keys that there are."""
    try:
        return str(UUID(int=UUID(key).int ^ secrets.randbits(32)))
    except ValueError:
        return key[:-4] + scrambled(key[-4:])


def scrambled(text: str) -> str:
    """Other letters for letters, other digits for digits."""
    return "".join(_other(character) for character in text)


def _other(character: str) -> str:
    for alphabet in (digits, ascii_lowercase, ascii_uppercase):
        if character in alphabet:
            return secrets.choice(alphabet)
    return character


def say(parts: Sequence[object]) -> str:
    """A sentence out of parts, not too long to be read."""
    return " ".join(str(part)[:300] for part in parts)
