"""Recalling what a key once did, and remembering what it does now."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import orjson

from core import clock
from core.errors import IdempotencyKeyReused, Invalid
from core.jobs import forget, forgetting
from core.work import Work

LONGEST_KEY = 200
KEPT = timedelta(hours=24)  #: for which a key is known

RECALL = """
SELECT k.operation, k.caller, k.key, k.request_hash, k.result
FROM idempotency_key k JOIN unnest($2::text[], $3::text[], $4::text[]) AS asked(operation, caller, key)
  ON k.operation = asked.operation AND k.caller = asked.caller AND k.key = asked.key
WHERE k.tenant_id = $1
"""
REMEMBER = """
INSERT INTO idempotency_key (tenant_id, operation, caller, key, request_hash, result, created_at)
SELECT $1, r.operation, r.caller, r.key, r.request_hash, r.result, $7
FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::uuid[])
    AS r(operation, caller, key, request_hash, result)
ORDER BY 2, 3, 4
ON CONFLICT DO NOTHING
"""
BEGIN = f"{REMEMBER}RETURNING operation, caller, key"
FORGET = forgetting("idempotency_key", "created_at")


@dataclass(frozen=True, slots=True)
class Request:
    """A caller's wish that something happen once."""

    operation: str  #: the GraphQL field
    caller: str
    key: str
    input: object  #: what the wish consists of; another input under the same key is another wish

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.operation, self.caller, self.key

    @property
    def hash(self) -> bytes:
        return hashlib.sha256(orjson.dumps(self.input, default=str, option=orjson.OPT_SORT_KEYS)).digest()

    def check(self) -> None:
        """Refuse a key that is empty or too long."""
        if not 1 <= len(self.key) <= LONGEST_KEY:
            raise Invalid(reason=f"A key has 1 to {LONGEST_KEY} characters.", path=("input", "idempotencyKey"))


@dataclass(frozen=True, slots=True)
class Begun:
    """What a key stands for: the result that it was written with, or what came of another request."""

    result: UUID | IdempotencyKeyReused
    new: bool


async def recall(work: Work, requests: Sequence[Request]) -> list[UUID | IdempotencyKeyReused | None]:
    """What each request did before: its result, a misuse of its key, or None."""
    rows = await work.fetch(RECALL, *_identities(requests))
    known = {(row["operation"], row["caller"], row["key"]): (row["request_hash"], row["result"]) for row in rows}
    return [_answer(request, known.get(request.identity)) for request in requests]


def _answer(request: Request, known: tuple[bytes, UUID] | None) -> UUID | IdempotencyKeyReused | None:
    if known is None:
        return None
    return known[1] if known[0] == request.hash else IdempotencyKeyReused(path=("input", "idempotencyKey"))


async def remember(work: Work, done: Sequence[tuple[Request, UUID]]) -> None:
    """Write down what requests did; whoever was beaten to it by the same key must not commit."""
    if not done:
        return
    hashes, results = [request.hash for request, _ in done], [result for _, result in done]
    beaten = IdempotencyKeyReused(path=("input", "idempotencyKey"))
    asked = _identities([request for request, _ in done])
    work.write(REMEMBER, *asked, hashes, results, clock.now(), rows=len(done), otherwise=beaten)


async def begin(work: Work, wanted: Sequence[tuple[Request, UUID]]) -> list[Begun]:
    """Write keys down before what they are for is done.

    Whoever comes second waits for the first one's commit, then finds its result.
    """
    if not wanted:
        return []
    requests, results = [request for request, _ in wanted], [result for _, result in wanted]
    for request in requests:
        request.check()
    hashes = [request.hash for request in requests]
    rows = await work.fetch(BEGIN, *_identities(requests), hashes, results, clock.now())
    new = {tuple(row) for row in rows}
    beaten = [request for request in requests if request.identity not in new]
    known = dict(zip((one.identity for one in beaten), await recall(work, beaten) if beaten else (), strict=True))
    return [
        Begun(result, new=True)
        if request.identity in new
        else Begun(known[request.identity] or IdempotencyKeyReused(path=("input", "idempotencyKey")), new=False)
        for request, result in wanted
    ]


async def once(work: Work, request: Request, new_id: UUID, perform: Callable[[UUID], Awaitable[None]]) -> UUID:
    """Perform something under a new id, or answer with the id under which it was performed before."""
    begun = (await begin(work, [(request, new_id)]))[0]
    if not isinstance(begun.result, UUID):
        raise begun.result
    if begun.new:
        await perform(new_id)
    return begun.result


async def forget_keys(work: Work) -> int:
    """Delete a batch of keys that are known no more; returns how many."""
    return await forget(work, FORGET, clock.now() - KEPT)


def _identities(requests: Sequence[Request]) -> tuple[list[str], list[str], list[str]]:
    return [r.operation for r in requests], [r.caller for r in requests], [r.key for r in requests]
