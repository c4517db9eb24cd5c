"""Windows that several processes share by way of Redis: one call a request, and without Redis each counts for itself.

A request's windows are one tenant's, so that their keys lie together on a cluster and one script sees them all. Moments
are told by the caller's clock, which is the one that a demo can move.
"""

from collections.abc import Sequence
from hashlib import blake2b

from hexmart.answers.circuit import Circuit, connect
from tenants.throttle import Take
from tenants.throttle.windows import until_room

PATIENCE = 0.25  #: seconds; a busy process must not take Redis for gone
MOST_AT_ONCE = 64  #: questions, fewer than a client of Redis has connections; what is more is counted here alone

#: Two keys for each: the counter of the window before, and of the present one. Returns the counters where one is full.
TAKE = """
local counts = redis.call('MGET', unpack(KEYS))
for i = 1, #KEYS / 2 do
  local limit, wanted, left, length = unpack(ARGV, i * 4 - 3, i * 4)
  local before = math.floor(tonumber(counts[i * 2 - 1] or '0') * left / length)
  if before + tonumber(counts[i * 2] or '0') + wanted > tonumber(limit) then return counts end
end
for i = 1, #KEYS / 2 do
  local wanted, length = ARGV[i * 4 - 2], ARGV[i * 4]
  if redis.call('INCRBY', KEYS[i * 2], wanted) == tonumber(wanted) then
    redis.call('PEXPIRE', KEYS[i * 2], length * 2)
  end
end
return false
"""
#: A list of moments for each, the newest first and no longer than its limit. Returns the milliseconds to wait.
ENTER = """
local now, wait = tonumber(ARGV[1]), 0
for i = 1, #KEYS do
  local limit, length = ARGV[i * 2], ARGV[i * 2 + 1]
  local moment = redis.call('LINDEX', KEYS[i], limit - 1)
  if moment then wait = math.max(wait, moment + length - now) end
end
if wait > 0 then return wait end
for i = 1, #KEYS do
  redis.call('LPUSH', KEYS[i], ARGV[1])
  redis.call('LTRIM', KEYS[i], 0, ARGV[i * 2] - 1)
  redis.call('PEXPIRE', KEYS[i], ARGV[i * 2 + 1])
end
return 0
"""
WITHDRAW = """
for i = 1, #KEYS do redis.call('LREM', KEYS[i], 1, ARGV[1]) end
"""


class SharedWindows:
    """Under names that only processes of one secret know."""

    def __init__(self, url: str, secret: bytes, *, patience: float = PATIENCE) -> None:
        self._redis = connect(url, patience)
        self._take = self._redis.register_script(TAKE)
        self._enter = self._redis.register_script(ENTER)
        self._withdraw = self._redis.register_script(WITHDRAW)
        self._name = blake2b(b"throttle 1", key=secret[:64], digest_size=8).hexdigest()
        self._circuit = Circuit(patience, without="each process counts for itself", most_at_once=MOST_AT_ONCE)

    async def take(self, takes: Sequence[Take], now: int) -> int:
        """Count all of them, or none where one has no room: then the milliseconds until it has."""
        keys: list[str] = []
        arguments: list[int] = []
        for take in takes:
            key, window = self._key(take), now // take.length
            keys += f"{key}/{window - 1}", f"{key}/{window}"
            arguments += take.most, take.wanted, take.length - now % take.length, take.length
        counts = await self._circuit.attempt(lambda: self._take(keys, arguments))
        if not counts:
            return 0
        pairs = zip(takes, counts[::2], counts[1::2], strict=True)
        return max(until_room(take, int(before or 0), int(present or 0), now) for take, before, present in pairs)

    async def enter(self, takes: Sequence[Take], now: int) -> int:
        """Remember an attempt in all of them, or in none: then the milliseconds until there is room."""
        arguments = [now, *(number for take in takes for number in (take.most, take.length))]
        keys = [self._key(take) for take in takes]
        return await self._circuit.attempt(lambda: self._enter(keys, arguments)) or 0

    async def withdraw(self, takes: Sequence[Take], moment: int) -> None:
        """Forget one attempt of that moment; cut off, it is done all the same."""
        keys = [self._key(take) for take in takes]
        await self._circuit.attempt(lambda: self._withdraw(keys, [moment]))

    async def close(self) -> None:
        """Let what is under way come to its end, and give back the connections."""
        await self._circuit.end()
        await self._redis.aclose()

    def _key(self, take: Take) -> str:
        slug, _, rest = take.key.partition("/")
        return f"{{hexmart:{self._name}:{slug}}}:{rest}"
