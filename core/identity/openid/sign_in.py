"""Signing in by the brand's own OpenID provider: there with a question, back with an answer that is good once."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import httpx
from authlib.common.errors import AuthlibBaseError

from core import audit, clock
from core.errors import DomainError, NotFound
from core.identity.errors import CodeWrong, TotpRequired
from core.identity.openid.discovery import Provider, client, discover, read
from core.identity.openid.errors import ProviderAway, ProviderRefused
from core.identity.openid.providers import ProviderRow, by_id, by_name, holds, secret_of
from core.identity.openid.rules import NetworkRules, OpenIdRules
from core.identity.openid.tokens import Expected, vouched_for
from core.identity.staff import accounts, second_factor
from core.identity.staff.people import SUBJECT, by_email
from core.identity.tokens.refresh_tokens import hash_of
from core.ids import new_secret
from core.work import Work, Works

MINUTES = 10  #: to come back in
SCOPE = "openid email"

KEEP = """
INSERT INTO openid_attempt (tenant_id, state_hash, provider_id, secrets, expires_at) VALUES ($1, $2, $3, $4, $5)
"""
TAKE = """
DELETE FROM openid_attempt WHERE tenant_id = $1 AND state_hash = $2 RETURNING provider_id, secrets, expires_at
"""
Guarded = Callable[[str], AbstractAsyncContextManager[None]]  #: an attempt at what is guarded, by its subject
Result = TypeVar("Result")
Then = Callable[[Work, UUID, UUID], Awaitable[Result]]  #: handed the id of the person, and that of the provider


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody brings back from a provider."""

    state: str
    code: str = field(repr=False)
    issuer: str | None = None  #: who says that it sent them (RFC 9207)
    totp_code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """A way there that somebody is back from."""

    row: ProviderRow
    provider: Provider
    secret: str | None = field(repr=False)
    nonce: str
    verifier: str = field(repr=False)
    redirect_uri: str
    loopback: bool


async def start(works: Works, name: str, redirect_uri: str) -> tuple[str, str]:
    """Where to send somebody's browser, and the state that it must come back with."""
    async with works() as work:
        row, loopback = await by_name(work, name), work.rules(NetworkRules).loopback_providers
    if row is None:
        raise NotFound(what="sign-in provider", path=("input", "provider"))
    provider = await discover(row.issuer, loopback=loopback)
    state, nonce, verifier = new_secret(), new_secret(), new_secret()
    kept = {"nonce": nonce, "verifier": verifier, "redirect_uri": redirect_uri, "provider": provider.model_dump()}
    async with works() as work:
        if not await holds(work, row):  # else who is sent to one provider might come back to another
            raise ProviderAway(reason="it was changed a moment ago.")
        sealed = work.vault.seal(kept, _place(state))
        await work.execute(KEEP, hash_of(state), row.id, sealed, clock.now() + timedelta(minutes=MINUTES))
    oauth = client(loopback=loopback, client_id=row.client_id, scope=SCOPE, code_challenge_method="S256")
    async with oauth:
        url, _ = oauth.create_authorization_url(
            provider.authorization_endpoint, state, verifier, nonce=nonce, redirect_uri=redirect_uri
        )
    return str(url), state


async def finish(works: Works, answer: Answer, then: Then[Result], guarded: Guarded) -> Result:
    """Find out who has come back, if the provider vouches for somebody who works here, and do something as them.

    One entry is logged, whatever comes of it. Codes of a second factor are guarded by the address vouched for.
    """
    async with works() as work:
        attempt = await _take(work, answer.state)
    vouched = await _vouched(attempt, answer)
    async with nullcontext() if isinstance(vouched, DomainError) else guarded(vouched):
        return await _decided(works, attempt, vouched, answer.totp_code, then)


async def _decided(
    works: Works,
    attempt: _Attempt | None,
    vouched: str | DomainError,
    code: str | None,
    then: Then[Result],
) -> Result:
    async with works() as work:
        staff_id, refusal = await _let_in(work, attempt, vouched, code)
        await _log(work, staff_id, attempt, refusal)
        if refusal is None:
            assert staff_id is not None, "who is not refused is somebody"
            assert attempt is not None, "and has come back from somewhere"
            result = await then(work, staff_id, attempt.row.id)
    if refusal is not None:  # said after the commit, so that the failure stays logged
        raise refusal
    return result


async def _take(work: Work, state: str) -> _Attempt | None:
    """Use up an attempt, whatever comes of it."""
    found = await work.fetch(TAKE, hash_of(state))
    row = await by_id(work, found[0]["provider_id"]) if found and found[0]["expires_at"] > clock.now() else None
    if row is None:
        return None
    kept: Any = work.vault.open(found[0]["secrets"], _place(state))
    return _Attempt(
        row,
        Provider.model_validate(kept["provider"]),
        secret_of(work, row),
        kept["nonce"],
        kept["verifier"],
        kept["redirect_uri"],
        work.rules(NetworkRules).loopback_providers,
    )


async def _vouched(attempt: _Attempt | None, answer: Answer) -> str | DomainError:
    """The address that the provider vouches for, or why it does not; asked outside of any transaction."""
    try:
        return await _ask(attempt, answer)
    except DomainError as refused:
        return refused


async def _ask(attempt: _Attempt | None, answer: Answer) -> str:
    if attempt is None:
        raise ProviderRefused(reason="this sign-in was not begun here, is over, or took too long.")
    provider = attempt.provider
    named = answer.issuer is not None or provider.authorization_response_iss_parameter_supported
    if named and answer.issuer != provider.issuer:
        raise ProviderRefused(reason="somebody else has sent you back.")
    tokens = await _tokens(attempt, answer.code)
    keys = await read(provider.jwks_uri, loopback=attempt.loopback)
    expected = Expected(provider.issuer, attempt.row.client_id, attempt.nonce, provider.algorithms)
    return vouched_for(tokens.get("id_token"), tokens.get("access_token"), keys.get("keys"), expected)


async def _tokens(attempt: _Attempt, code: str) -> dict[str, Any]:
    """What the provider gives for a code."""
    oauth = client(
        loopback=attempt.loopback,
        client_id=attempt.row.client_id,
        client_secret=attempt.secret,
        token_endpoint_auth_method=attempt.provider.method_for(attempt.secret),
    )
    try:
        async with oauth:
            given = await oauth.fetch_token(
                attempt.provider.token_endpoint,
                grant_type="authorization_code",
                code=code,
                redirect_uri=attempt.redirect_uri,
                code_verifier=attempt.verifier,
            )
    except (AuthlibBaseError, httpx.InvalidURL, httpx.HTTPError, ValueError, TypeError):
        raise ProviderRefused(reason="it gives nothing for what you have brought.") from None
    return dict(given)


async def _let_in(
    work: Work, attempt: _Attempt | None, vouched: str | DomainError, code: str | None
) -> tuple[UUID | None, DomainError | None]:
    """The member of staff with that address, and what is still missing."""
    if isinstance(vouched, DomainError):
        return None, vouched
    if attempt is None or not await holds(work, attempt.row):  # it took some seconds to answer
        return None, ProviderRefused(reason="it was changed meanwhile.")
    person = await by_email(work, vouched)
    held = await accounts.hold(work, person.id) if person is not None else None
    if held is None:
        return None, ProviderRefused(reason="nobody with your e-mail address works here.")
    if not held.second_factor or work.rules(OpenIdRules).openid_is_second_factor:
        return held.id, None
    if code is None:
        return held.id, TotpRequired(path=("input", "totpCode"))
    passed = await second_factor.passes(work, held, code)
    return held.id, None if passed else CodeWrong(path=("input", "totpCode"))


async def _log(work: Work, staff_id: UUID | None, attempt: _Attempt | None, refusal: DomainError | None) -> None:
    provider = {"provider": attempt.row.name if attempt is not None else None}
    if refusal is None:
        await audit.record(work, "staff.signed_in", SUBJECT, staff_id, after=provider)
    else:
        reason = {"reason": refusal.code, **provider}
        await audit.record(work, "staff.sign_in_failed", SUBJECT, staff_id, after=reason)


def _place(state: str) -> str:
    """An attempt's secrets open for whoever brings its state back, at this brand."""
    return f"openid_attempt.secrets:{hash_of(state).hex()}"
