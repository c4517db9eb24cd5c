"""The words of notices: those that the brand has chosen, else those that the kind came with."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

from core import audit, clock, contacts
from core.errors import Invalid, NotFound
from core.notices import wording
from core.notices.errors import VariableMissing, VariableUnknown
from core.notices.kind import LANGUAGES, NoticeKind
from core.notices.rows import TemplateRow
from core.notices.wording import Words
from core.work import Work

LONGEST_TITLE, LONGEST_BODY = 100, 2_000  #: characters
_LANGUAGE = re.compile(r"[a-z]{2}")

OWN = """
SELECT kind, language, title, body, set_at FROM notice_template WHERE tenant_id = $1 AND kind = any($2::text[])
"""
SET = """
INSERT INTO notice_template (tenant_id, kind, language, title, body, set_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, kind, language) DO UPDATE
SET title = excluded.title, body = excluded.body, set_at = excluded.set_at
"""
RESET = "DELETE FROM notice_template WHERE tenant_id = $1 AND kind = $2 AND language = $3"


class OwnWords(NamedTuple):
    """What the brand says in place of what a kind came with."""

    kind: str
    language: str
    title: str
    body: str
    set_at: datetime

    @property
    def words(self) -> Words:
        return Words(self.title, self.body)


OwnByKind: TypeAlias = Mapping[tuple[str, str], OwnWords]  #: and language


class Wish(NamedTuple):
    """Words that the brand would have for a kind of notice."""

    code: str
    language: str
    title: str
    body: str


async def own_words(work: Work, codes: Collection[str]) -> OwnByKind:
    """What the brand has chosen for these kinds."""
    rows = await work.rows(OwnWords, OWN, sorted(codes)) if codes else ()
    return {(row.kind, row.language): row for row in rows}


def chosen(kind: NoticeKind, own: OwnByKind, languages: Sequence[str]) -> tuple[str, Words]:
    """The words in the first of the languages that there are any in, and which that is."""
    for language in (*languages, *LANGUAGES):
        if (kind.code, language) in own:
            return language, own[kind.code, language].words
        if language in kind.words:
            return language, kind.words[language]
    raise LookupError(f"the notice {kind.code} has no words")


async def templates(work: Work, code: str | None = None) -> list[TemplateRow]:
    """The words of every kind of notice that there is at the brand, or of one, in each of its languages."""
    kinds = [known_kind(work, code, path=("code",))] if code is not None else list(work.hooks.notice_kinds.values())
    own = await own_words(work, [kind.code for kind in kinds])
    pairs = {(kind.code, language) for kind in kinds for language in kind.words} | set(own)
    return [_row(work.hooks.notice_kinds[key], language, own) for key, language in sorted(pairs)]


async def set_words(work: Work, wish: Wish) -> TemplateRow:
    """Have people told in the brand's own words from now on."""
    kind, words = checked(work, wish)
    now = clock.now()
    await work.execute(SET, kind.code, wish.language, words.title, words.body, now)
    await _log(work, "notices.words_set", wish.code, wish.language)
    own = OwnWords(kind.code, wish.language, words.title, words.body, now)
    return _row(kind, wish.language, {(kind.code, wish.language): own})


async def reset_words(work: Work, code: str, language: str) -> TemplateRow | None:
    """Have the words again that the kind came with; None where it came with none in that language."""
    kind = known_kind(work, code)
    if await work.execute(RESET, code, checked_language(language)):
        await _log(work, "notices.words_reset", code, language)
    return _row(kind, language, {}) if language in kind.words else None


def preview(work: Work, wish: Wish) -> Words:
    """What words would say of an example."""
    kind, words = checked(work, wish)
    return wording.filled(words, kind.examples)


def checked(work: Work, wish: Wish) -> tuple[NoticeKind, Words]:
    """A kind and words that it can be told in; a refusal names the field and what is wrong there."""
    kind = known_kind(work, wish.code)
    checked_language(wish.language)
    title = contacts.text(wish.title, path=("input", "title"), longest=LONGEST_TITLE)
    body = contacts.text(wish.body, path=("input", "body"), longest=LONGEST_BODY)
    for field, text in (("title", title), ("body", body)):
        _require_variables(kind, text, ("input", field))
    for one in kind.variables:
        if one.required and one.name not in wording.variables(body):
            raise VariableMissing(variable=one.name, path=("input", "body"))
    return kind, Words(title, body)


def known_kind(work: Work, code: str, *, path: tuple[str, ...] = ("input", "code")) -> NoticeKind:
    """The kind of that code; a plugin's as long as it is on."""
    kind = work.hooks.notice_kinds.get(code)
    if kind is None:
        raise NotFound(what="notice", path=path)
    return kind


def _require_variables(kind: NoticeKind, text: str, path: tuple[str, ...]) -> None:
    names = [one.name for one in kind.variables]
    for wrong in wording.unknown(text, names):
        raise VariableUnknown(variable=wrong, known=", ".join(names) or "nothing", path=path)
    for brace in wording.stray(text):
        raise Invalid(reason=f"A {brace} stands alone here: a variable is written as {{name}}.", path=path)


def checked_language(code: str) -> str:
    """A language that words may be in."""
    if not _LANGUAGE.fullmatch(code):
        raise Invalid(reason="A language is two small letters, as en and zh are.", path=("input", "language"))
    return code


def _row(kind: NoticeKind, language: str, own: OwnByKind) -> TemplateRow:
    found = own.get((kind.code, language))
    words = found.words if found is not None else kind.words[language]
    return TemplateRow(
        code=kind.code,
        description=kind.description,
        purpose=kind.purpose,
        language=language,
        title=words.title,
        body=words.body,
        own=found is not None,
        set_at=found.set_at if found is not None else None,
        variables=kind.variables,
    )


async def _log(work: Work, action: str, code: str, language: str) -> None:
    await audit.record(work, action, "NoticeTemplate", None, after={"code": code, "language": language})
