"""A provider's call, who answers it, and the answer; none of it knows HTTP beyond its words."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from core.work import Works

_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?charset=[\w-]+)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """What has come to an endpoint; nobody has looked yet who sent it."""

    endpoint: UUID
    subject: str  #: what the plugin made the endpoint for: a store, a merchant; empty for the brand as a whole
    body: bytes = field(repr=False)  #: as it was sent, for a signature is over that
    headers: Mapping[str, str] = field(repr=False)  #: by lower-case name; several of one name with commas between
    query: str = field(default="", repr=False)  #: what stood behind the question mark, as it was sent
    works: Works = field(repr=False)  #: of the brand that the endpoint belongs to


@dataclass(frozen=True, slots=True)
class Reply:
    """What the provider is answered."""

    status: int = 200
    body: bytes = b""
    media_type: str = "application/json"

    def __post_init__(self) -> None:
        if not 200 <= self.status <= 599:
            raise ValueError(f"no answer has the status {self.status}")
        if not _MEDIA_TYPE.fullmatch(self.media_type):
            raise ValueError("a media type is like application/json")


@dataclass(frozen=True, slots=True)
class CallbackRoute:
    """One kind of call that a plugin answers, within two seconds."""

    name: str
    handle: Callable[[Callback], Awaitable[Reply]]
