"""Signing in by the brand's own OpenID provider."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

import httpx
import strawberry
from limits import parse

from core import identity
from core.actors import Actor, ActorKind
from core.errors import Invalid
from core.identity import Session, openid, signing_in
from core.identity.openid import NetworkRules, NewProvider, ProviderRow
from core.work import Work
from schema.context import Info
from schema.fields import PUBLIC, Served, batched, field, mutation, query, row_type
from schema.identity import SignInPayload, signed_in
from schema.payloads import Done, Payload
from tenants.permissions import CONFIGURE
from tenants.throttle import Guard

#: each time a provider is asked by us
ASKED = Guard(name="openid_start", address=parse("100 per 15 minutes"), counts_success=True)
ANSWERED = Guard(name="openid_finish", address=parse("100 per 15 minutes"))
#: a code of the second factor, of whom a provider vouches for
VOUCHED = Guard(name="openid_person", subject=parse("20 per 15 minutes"))
_LOCAL = frozenset({"127.0.0.1", "localhost"})


@row_type(ProviderRow)
class IdentityProvider:
    """An OpenID provider by which the brand's staff may sign in."""

    name: str = field("What it is called on a sign-in page.")


@batched(IdentityProvider, str | None, cost=0, shared=False)
async def issuer(rows: Sequence[ProviderRow], info: Info) -> list[str | None]:
    """Who it is, for those who may configure the brand; null for everybody else."""
    return [row.issuer if _configures(info) else None for row in rows]


@batched(IdentityProvider, str | None, cost=0, shared=False)
async def client_id(rows: Sequence[ProviderRow], info: Info) -> list[str | None]:
    """What the brand is called there, for those who may configure it; null for everybody else."""
    return [row.client_id if _configures(info) else None for row in rows]


@batched(IdentityProvider, bool | None, cost=0, shared=False)
async def has_secret(rows: Sequence[ProviderRow], info: Info) -> list[bool | None]:
    """Whether the brand proves itself there by a secret, which nobody is shown again."""
    return [row.has_secret if _configures(info) else None for row in rows]


@strawberry.type(description="The sign-in provider, or why nothing was changed.")
class IdentityProviderPayload(Payload):
    provider: IdentityProvider | None = field("The provider as it is, or was until now.")


@strawberry.type(description="Where to sign in.")
class StaffOpenIdStartPayload(Payload):
    authorization_url: str | None = field("Where to send the browser.")
    state: str | None = field("Keep it in that browser: what comes back to `redirectUri` must carry the same.")


@strawberry.input(description="A sign-in provider of the brand's own.")
class IdentityProviderSetInput:
    name: str = field("What it is called on a sign-in page; one that is there by this name becomes this one.")
    issuer: str = field("Its issuer, exactly as the provider writes it.")
    client_id: str = field("What the brand is called there.")
    client_secret: str | None = strawberry.field(
        description="What the brand proves itself by there; null leaves the one that is there.", default=None
    )


@strawberry.input(description="A sign-in provider that is to be forgotten.")
class IdentityProviderRemoveInput:
    name: str = field("Which.")


@strawberry.input(description="A member of staff who wants to sign in by a provider.")
class StaffOpenIdStartInput:
    provider: str = field("Its name.")
    redirect_uri: str = field("Where to come back to: on one of the brand's origins.")


@strawberry.input(description="What a browser has brought back from the provider.")
class StaffOpenIdFinishInput:
    state: str = field("The state; it is used up.")
    code: str = field("The code.")
    iss: str | None = strawberry.field(description="The issuer, where one was given.", default=None)
    totp_code: str | None = strawberry.field(
        description="A code of the second factor, of who has one and where the provider does not stand for it.",
        default=None,
    )


@query(list[IdentityProvider], access=PUBLIC, cost=5, served=Served.EVERYWHERE)
async def identity_providers(info: Info) -> list[ProviderRow]:
    """By whom the brand's staff may sign in."""
    return await openid.all_providers(info.work)


@mutation(IdentityProviderPayload, access=CONFIGURE)
async def identity_provider_set(work: Work, input: IdentityProviderSetInput) -> ProviderRow:
    """Have staff sign in by a provider. It can vouch for every one of them, so you must hold every permission."""
    wanted = NewProvider(input.name, input.issuer, input.client_id, input.client_secret)
    return await openid.set_provider(work, wanted)


@mutation(IdentityProviderPayload, access=CONFIGURE)
async def identity_provider_remove(work: Work, input: IdentityProviderRemoveInput) -> ProviderRow:
    """Have nobody sign in by a provider any more. Sessions that began so go on: see staffSignOut."""
    return await openid.remove_provider(work, input.name)


@mutation(StaffOpenIdStartPayload, access=PUBLIC, spans_works=True, served=Served.EVERYWHERE)
async def staff_open_id_start(info: Info, input: StaffOpenIdStartInput) -> Done:
    """Begin to sign in by a provider; there are ten minutes to come back in."""
    async with info.attempt(ASKED):
        begun = await _begun(info, input)
    if isinstance(begun, openid.ProviderAway):
        raise begun
    url, state = begun
    return Done(url, more={"state": state})


@mutation(SignInPayload, access=PUBLIC, spans_works=True, served=Served.EVERYWHERE)
async def staff_open_id_finish(info: Info, input: StaffOpenIdFinishInput) -> Done:
    """Sign in with what a provider has sent back; it must vouch for the e-mail address of somebody who works here."""
    answer = openid.Answer(input.state, input.code, input.iss, input.totp_code)
    async with info.attempt(ANSWERED):
        session = await openid.finish(info.writing, answer, _begin, partial(info.attempt, VOUCHED))
    return await signed_in(info, session)


async def _begun(info: Info, input: StaffOpenIdStartInput) -> tuple[str, str] | openid.ProviderAway:
    """Where to go and with which state; to ask who does not answer takes as much, so it counts as much."""
    _require_own(info, input.redirect_uri)
    await info.close()
    try:
        return await openid.start(info.writing, input.provider, input.redirect_uri)
    except openid.ProviderAway as away:
        return away


async def _begin(work: Work, staff_id: UUID, provider_id: UUID) -> Session:
    return await identity.issue(work, signing_in(Actor(ActorKind.STAFF, staff_id)), provider_id=provider_id)


def _configures(info: Info) -> bool:
    return info.viewer.stores(CONFIGURE.name) is None


def _require_own(info: Info, uri: str) -> None:
    """Refuse to have anybody sent back to a stranger."""
    try:
        parsed = httpx.URL(uri)
    except httpx.InvalidURL:
        parsed = httpx.URL("")
    origin = f"{parsed.scheme}://{parsed.netloc.decode('ascii')}"
    local = parsed.host in _LOCAL and info.work.rules(NetworkRules).loopback_providers
    plain = not parsed.userinfo and not parsed.fragment and uri.startswith((f"{origin}/", f"{origin}?"))
    if not plain or (origin not in info.tenant.origins and not local):
        reason = "You can come back to one of the brand's own origins only."
        raise Invalid(reason=reason, path=("input", "redirectUri"))
