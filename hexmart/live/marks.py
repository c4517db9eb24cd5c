"""The id of an event: when it was read and what was seen, for whoever comes back after a while."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, NamedTuple, Self

import orjson

from core.errors import BadRequest
from tenants.bulletin import milliseconds

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WRITTEN = re.compile(r"([0-9a-f]{1,12})-([0-9a-f]{16})")


class Mark(NamedTuple):
    """Clients give it back as they got it."""

    at: int  #: milliseconds
    digest: str  #: of what was seen

    def __str__(self) -> str:
        return f"{self.at:x}-{self.digest}"

    @classmethod
    def read(cls, written: object) -> Self | None:
        """What a client gives back; None where it gives nothing."""
        if written is None or written == "":
            return None
        found = _WRITTEN.fullmatch(written) if isinstance(written, str) else None
        if found is None:
            raise BadRequest(reason="This is no id of an event.")
        return cls(int(found[1], 16), found[2])

    @classmethod
    def of(cls, at: int, data: Any) -> Self:
        """Of what was seen at that moment."""
        return cls(at, blake2b(orjson.dumps(data), digest_size=8).hexdigest())

    @property
    def moment(self) -> datetime:
        """When it was read; a time that has not come is none that we told."""
        return _EPOCH + timedelta(milliseconds=min(self.at, milliseconds()))
