"""A kind of notice: what it tells, of what it may speak, and its words until a brand has chosen others."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.notices import wording
from core.notices.wording import Words

LANGUAGES = ("en", "zh")  #: that every kind has words in; brands may add others


class Purpose(StrEnum):
    """Why somebody is told."""

    SERVICE = "SERVICE"  #: it belongs to what they have asked for
    MARKETING = "MARKETING"  #: only where they have consented


class VariableType(StrEnum):
    """How a value is shown."""

    TEXT = "TEXT"
    NUMBER = "NUMBER"
    MONEY = "MONEY"
    MOMENT = "MOMENT"


@dataclass(frozen=True, slots=True)
class Variable:
    """What words may speak of, as `{name}`."""

    name: str
    meaning: str
    example: str
    type: VariableType = VariableType.TEXT
    required: bool = False  #: a body without it is of no use to anybody


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKind:
    """`NoticeKind(code="gift_wrap.wrapped", description="A parcel is wrapped", words={...}, variables=(...))`."""

    code: str  #: domain.what_happened
    description: str
    words: Mapping[str, Words]  #: by language
    variables: tuple[Variable, ...] = ()
    purpose: Purpose = Purpose.SERVICE

    @property
    def examples(self) -> dict[str, str]:
        """A value for each variable, to be looked at."""
        return {one.name: one.example for one in self.variables}


def faults(kinds: Iterable[NoticeKind]) -> list[str]:
    """A sentence for each fault of these kinds."""
    known = list(kinds)
    twice = [code for code, times in Counter(one.code for one in known).items() if times > 1]
    doubled = [f"the notice {code} is registered twice" for code in twice]
    return [*doubled, *(fault for one in known for fault in _of(one))]


def _of(kind: NoticeKind) -> Iterator[str]:
    missing = [language for language in LANGUAGES if language not in kind.words]
    if missing:
        yield f"the notice {kind.code} has no words in {', '.join(missing)}"
    names, needed = {one.name for one in kind.variables}, {one.name for one in kind.variables if one.required}
    for language, words in kind.words.items():
        for text in (words.title, words.body):
            for wrong in (*wording.unknown(text, names), *wording.stray(text)):
                yield f"the notice {kind.code} speaks of {wrong} in {language}"
        for name in sorted(needed - wording.variables(words.body)):
            yield f"the notice {kind.code} does not say {name} in {language}"
