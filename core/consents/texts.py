"""What members agree to, version by version."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from core import audit, clock, contacts, turns
from core.consents.purpose import LANGUAGES, ConsentPurpose
from core.consents.rows import ConsentTextRow
from core.errors import Invalid, NotFound
from core.work import Work

LONGEST = 10_000  #: characters
MOST_LANGUAGES = 20
_LANGUAGE = re.compile(r"[a-z]{2}")

LATEST = """
SELECT DISTINCT ON (purpose) purpose, version, texts::text, published_at,
    max(CASE WHEN renews THEN version END) OVER (PARTITION BY purpose) AS since
FROM consent_text WHERE tenant_id = $1 ORDER BY purpose, version DESC
"""
PUBLISH = """
INSERT INTO consent_text (tenant_id, purpose, version, texts, renews, published_at, actor)
SELECT $1, $2, coalesce(max(version), 0) + 1, $3::text::jsonb, $4, $5, $6 FROM consent_text
WHERE tenant_id = $1 AND purpose = $2 RETURNING version
"""


class Published(NamedTuple):
    """The newest text of a purpose."""

    purpose: str
    version: int
    texts: str
    published_at: datetime
    since: int | None


async def texts(work: Work) -> list[ConsentTextRow]:
    """What is agreed to for every purpose that there is at the brand, in the reader's language."""
    published = {row.purpose: row for row in await work.rows(Published, LATEST)}
    return [_row(work, one, published.get(one.code)) for one in work.hooks.consent_purposes.values()]


async def text_of(work: Work, purpose: str) -> ConsentTextRow:
    """What is agreed to for a purpose, named by an argument."""
    known_purpose(work, purpose)
    return next(row for row in await texts(work) if row.purpose == purpose)


async def publish(work: Work, purpose: str, given: Sequence[tuple[str, str]], *, renews: bool) -> ConsentTextRow:
    """Have members agree to another text from now on; one that renews asks those anew who have agreed before."""
    known_purpose(work, purpose)
    by_language = _checked(work, given)
    await turns.take(work, "consents.text")
    written = orjson.dumps(by_language).decode()
    version = await work.value(PUBLISH, purpose, written, renews, clock.now(), work.actor.label)
    after = {"purpose": purpose, "version": version, "renews": renews}
    await audit.record(work, "consents.text_published", "ConsentText", None, after=after)
    return await text_of(work, purpose)


def known_purpose(work: Work, code: str) -> ConsentPurpose:
    """The purpose of that code; a plugin's as long as it is on."""
    purpose = work.hooks.consent_purposes.get(code)
    if purpose is None:
        raise NotFound(what="purpose", path=("input", "purpose"))
    return purpose


def _checked(work: Work, given: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The texts by language; the brand's own is among them, each once."""
    path = ("input", "texts")
    by_language: dict[str, str] = {}
    for number, (language, text) in enumerate(given[: MOST_LANGUAGES + 1]):
        if not _LANGUAGE.fullmatch(language) or language in by_language:
            reason = "A language is two small letters, as en and zh are, and stands here once."
            raise Invalid(reason=reason, path=(*path, str(number), "language"))
        by_language[language] = contacts.text(text, path=(*path, str(number), "text"), longest=LONGEST)
    if _own(work) not in by_language or len(by_language) > MOST_LANGUAGES:
        raise Invalid(reason=f"Give between 1 and {MOST_LANGUAGES} texts, one in {_own(work)}.", path=path)
    return by_language


def _row(work: Work, purpose: ConsentPurpose, published: Published | None) -> ConsentTextRow:
    if published is None:
        return ConsentTextRow(purpose.code, purpose.description, 0, _read(work, purpose.text), None, 0)
    texts: Any = orjson.loads(published.texts)
    return ConsentTextRow(
        purpose.code,
        purpose.description,
        published.version,
        _read(work, texts),
        published.published_at,
        published.since or 0,
    )


def _read(work: Work, texts: Mapping[str, str]) -> str:
    """The text in the first language that there is one in: the reader's, the brand's, any."""
    return next(texts[one] for one in (work.language[:2], _own(work), *LANGUAGES, *texts) if one in texts)


def _own(work: Work) -> str:
    return work.brand.locale[:2]
