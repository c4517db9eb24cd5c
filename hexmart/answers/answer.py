"""An answer as it is kept, and the moment before it was read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Answer:
    """The bytes of a response, and what they were read from."""

    body: bytes
    etag: bytes  #: strong, with its quotes
    slug: str
    tables: frozenset[str]
    replies: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)  #: it was given as, made once

    @classmethod
    def of(cls, body: bytes, *, slug: str, tables: Iterable[str]) -> Self:
        etag = blake2b(body, digest_size=16).hexdigest()
        return cls(body, f'"{etag}"'.encode(), slug, frozenset(tables))


@dataclass(slots=True)
class Stamp:
    """Taken before the reading begins: what is written after it may be missing from the answer."""

    slug: str
    moment: int  #: of this process's count of changes
    versions: dict[str, str] | None = None  #: of the tenant's tables as Redis had them, if it was asked
