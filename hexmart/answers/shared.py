"""Answers of other processes, by way of Redis: a convenience that no request waits for long, and no truth rests on.

Each tenant's tables have versions in Redis, and an entry names those that it was read under. A process brings what it
knows to have changed with its next question, so that nothing older than what it has heard of can be the answer,
whoever could or could not tell Redis before.
"""

import secrets
from collections.abc import Hashable
from hashlib import blake2b
from itertools import count

import orjson

from hexmart.answers.answer import Answer, Stamp
from hexmart.answers.circuit import Circuit, connect
from tenants.changes import WHOLE, Change

PATIENCE = 0.025  #: seconds; executing takes no longer than that
MOST_TO_BRING = 500  #: changes of a tenant that nobody asks about

#: A version is never given twice (ARGV[1] is new each time), so what was too old once stays so, whatever Redis loses.
#: A change that was brought before gives no new one. Tables that nobody spoke of have none and share that of `*`.
LOOK = """
local versions, brought, entry = KEYS[1], KEYS[2], KEYS[3]
redis.call('HSETNX', versions, '*', ARGV[1])
for i = 2, #ARGV, 3 do
  local name, origin, number = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if tonumber(redis.call('HGET', brought, name .. '@' .. origin) or '0') < tonumber(number) then
    redis.call('HSET', brought, name .. '@' .. origin, number)
    redis.call('HSET', versions, name, ARGV[1])
  end
end
redis.call('EXPIRE', versions, 86400)
if redis.call('TTL', brought) == -1 then redis.call('EXPIRE', brought, 3600) end
return {redis.call('GET', entry), redis.call('PTTL', entry), redis.call('HGETALL', versions)}
"""


class SharedAnswers:
    """Entries and versions in Redis, under a name that only processes of one secret and one release know."""

    def __init__(self, url: str, secret: bytes, *, release: str = "", patience: float = PATIENCE) -> None:
        self._redis = connect(url, patience)
        self._look = self._redis.register_script(LOOK)
        self._name = blake2b(f"answers 1 {release}".encode(), key=secret[:64], digest_size=8).hexdigest()
        self._circuit = Circuit(patience)
        self._origin = secrets.token_hex(6)
        self._renewals = count(1)
        self._distrusted = 0  #: how often everything was
        self._renewed: dict[str, int] = {}  #: by tenant, after which of these times all versions were renewed
        self._to_bring: dict[str, dict[tuple[str, str], int]] = {}  #: numbers by table and origin, by tenant

    def bring(self, change: Change) -> None:
        """Have the next question about the tenant tell Redis of a change."""
        numbers = self._to_bring.setdefault(change.slug, {})
        numbers.update({(table, change.origin): change.number for table in change.tables})
        if len(numbers) > MOST_TO_BRING:
            self._renew(change.slug)

    def distrust(self) -> None:
        """Take nothing that was there before: a change may have been missed that Redis was not told of either."""
        self._distrusted += 1

    async def find(self, key: Hashable, stamp: Stamp) -> tuple[Answer, float] | None:
        """An answer and the seconds it has left; the stamp learns the versions that a new one would be read under."""
        looked = await self._circuit.attempt(lambda: self._find(stamp.slug, key))
        if looked is None:  # and versions that come later are no good: the reading has begun
            return None
        stamp.versions, found = looked
        return found

    def put(self, key: Hashable, answer: Answer, stamp: Stamp, seconds: float) -> None:
        """Leave an answer for the others, without waiting for it."""
        if stamp.versions is None:
            return
        read_under = {table: stamp.versions.get(table, "") for table in (WHOLE, *answer.tables)}
        entry = orjson.dumps(read_under) + b"\n" + answer.body
        name, milliseconds = self._entry(stamp.slug, key), int(seconds * 1000)
        self._circuit.begin(lambda: self._redis.set(name, entry, px=milliseconds))

    async def close(self) -> None:
        """Let what is under way come to its end."""
        await self._circuit.end()
        await self._redis.aclose()

    async def _find(self, slug: str, key: Hashable) -> tuple[dict[str, str], tuple[Answer, float] | None]:
        """The versions now, and the entry if it was read under them."""
        entry, milliseconds, versions = await self._ask(slug, key)
        if entry is None:
            return versions, None
        head, _, body = entry.partition(b"\n")
        read_under: dict[str, str] = orjson.loads(head)
        if any(versions.get(table, "") != version for table, version in read_under.items()):
            return versions, None
        return versions, (Answer.of(body, slug=slug, tables=read_under.keys() - {WHOLE}), milliseconds / 1000)

    async def _ask(self, slug: str, key: Hashable) -> tuple[bytes | None, int, dict[str, str]]:
        """Bring what has changed, and look: the entry, its milliseconds, the versions now."""
        distrusted = self._distrusted
        if self._renewed.get(slug) != distrusted:
            self._renew(slug)
        brought = dict(self._to_bring.get(slug, {}))
        arguments: list[str | int] = [secrets.token_hex(8)]
        for (table, origin), number in brought.items():
            arguments += table, origin, number
        hashes = [self._name_of(slug, "versions"), self._name_of(slug, "brought")]
        entry, milliseconds, versions = await self._look([*hashes, self._entry(slug, key)], arguments)
        self._renewed[slug] = distrusted
        self._has_brought(slug, brought)
        texts = [text.decode() for text in versions]
        return entry, milliseconds, dict(zip(texts[::2], texts[1::2], strict=True))

    def _renew(self, slug: str) -> None:
        """Have no entry of the tenant be good any more, which says more than all that waited to be said."""
        self._to_bring[slug] = {(WHOLE, self._origin): next(self._renewals)}

    def _has_brought(self, slug: str, brought: dict[tuple[str, str], int]) -> None:
        """What has changed again meanwhile is to be brought again."""
        left = {which: number for which, number in self._to_bring.pop(slug, {}).items() if brought.get(which) != number}
        if left:
            self._to_bring[slug] = left

    def _name_of(self, slug: str, what: str) -> str:
        """A key of the tenant's; the braces keep them together on a cluster."""
        return f"{{hexmart:{self._name}:{slug}}}:{what}"

    def _entry(self, slug: str, key: Hashable) -> str:
        return self._name_of(slug, blake2b(repr(key).encode(), digest_size=16).hexdigest())
