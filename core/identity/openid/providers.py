"""The OpenID providers that a brand's staff may sign in by."""

import re
from dataclasses import dataclass
from uuid import UUID

from core import audit, contacts
from core.access.holding import require_held
from core.access.owners import hold, require_owner
from core.access.policy import vocabulary_of
from core.access.scopes import EVERYWHERE
from core.errors import Invalid, LimitReached, NotFound
from core.identity.openid.rules import NetworkRules
from core.identity.tokens import sessions
from core.ids import new_id
from core.work import Work, place_of

MOST = 10
LONGEST = 500  #: characters of an issuer, a client's id or its secret
PROVIDER = "id, name, issuer, client_id, client_secret"

LISTING = f"SELECT {PROVIDER} FROM identity_provider WHERE tenant_id = $1 ORDER BY name"
BY_NAME = f"SELECT {PROVIDER} FROM identity_provider WHERE tenant_id = $1 AND name = $2"
BY_ID = f"SELECT {PROVIDER} FROM identity_provider WHERE tenant_id = $1 AND id = $2"
HOLD = f"{BY_ID} FOR SHARE"
SET = """
INSERT INTO identity_provider (tenant_id, id, name, issuer, client_id, client_secret) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, name) DO UPDATE
SET issuer = excluded.issuer, client_id = excluded.client_id, client_secret = excluded.client_secret
"""
#: who was sent to a provider comes back to it as it was then, or not at all
FORGET = "DELETE FROM openid_attempt WHERE tenant_id = $1 AND provider_id = $2"
REMOVE = "DELETE FROM identity_provider WHERE tenant_id = $1 AND id = $2"

_ISSUER = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/%-]*)?")
_LOCAL = re.compile(r"https?://(?:127\.0\.0\.1|localhost)(?=[:/]|$)")


@dataclass(slots=True)
class ProviderRow:
    id: UUID
    name: str
    issuer: str
    client_id: str
    sealed_secret: bytes | None

    @property
    def has_secret(self) -> bool:
        return self.sealed_secret is not None


@dataclass(frozen=True, slots=True)
class NewProvider:
    """What a brand says of a provider; without a secret, the one that is there stays."""

    name: str
    issuer: str
    client_id: str
    client_secret: str | None = None


async def all_providers(work: Work) -> list[ProviderRow]:
    """All of the brand's, by name."""
    return await work.rows(ProviderRow, LISTING)


async def by_name(work: Work, name: str) -> ProviderRow | None:
    """The provider of that name."""
    return await work.row(ProviderRow, BY_NAME, name) if "\0" not in name else None


async def by_id(work: Work, provider_id: UUID) -> ProviderRow | None:
    """The provider with that id."""
    return await work.row(ProviderRow, BY_ID, provider_id)


async def holds(work: Work, row: ProviderRow) -> bool:
    """Whether a provider is as it was read; then it stays so until this transaction ends."""
    return await work.row(ProviderRow, HOLD, row.id) == row


async def set_provider(work: Work, wanted: NewProvider) -> ProviderRow:
    """Have staff sign in by a provider, or by that one in another way; if it is another now, nobody stays signed in."""
    await _require_everything(work)
    name = contacts.text(wanted.name, path=("input", "name"), longest=40)
    issuer = _issuer(wanted.issuer, loopback=work.rules(NetworkRules).loopback_providers)
    client_id = contacts.text(wanted.client_id, path=("input", "clientId"), longest=LONGEST)
    before = await by_name(work, name)
    if before is None and len(await all_providers(work)) >= MOST:
        raise LimitReached(reason=f"A brand has at most {MOST} sign-in providers.", path=("input", "name"))
    key = before.id if before else new_id()
    await work.execute(SET, key, name, issuer, client_id, _sealed_secret(work, key, wanted, before))
    await work.execute(FORGET, key)
    after = await by_name(work, name)
    assert after is not None, "it was just written"
    facts = _facts(after) | {"newSecret": wanted.client_secret is not None}
    if before is not None and (before.issuer, before.client_id) != (after.issuer, after.client_id):
        facts["sessions_ended"] = await sessions.end_begun_by(work, key)
    await audit.record(
        work, "provider.set", "IdentityProvider", key, before=_facts(before) if before else None, after=facts
    )
    return after


async def remove_provider(work: Work, name: str) -> ProviderRow:
    """Have nobody sign in by a provider any more, and sign out who did."""
    await _require_everything(work)
    row = await by_name(work, name)
    if row is None:
        raise NotFound(what="sign-in provider", path=("input", "name"))
    await work.execute(REMOVE, row.id)
    await require_owner(work, path=("input", "name"))  # who has come by it may have no password
    ended = {"sessions_ended": await sessions.end_begun_by(work, row.id)}
    await audit.record(work, "provider.removed", "IdentityProvider", row.id, before=_facts(row), after=ended)
    return row


def secret_of(work: Work, row: ProviderRow) -> str | None:
    """What the brand proves itself by at the provider."""
    return str(work.vault.open(row.sealed_secret, _place(row.id))) if row.sealed_secret is not None else None


def _sealed_secret(work: Work, key: UUID, wanted: NewProvider, before: ProviderRow | None) -> bytes | None:
    """The secret that is said, or the one that is there, which nobody but its own issuer is ever sent."""
    path = ("input", "clientSecret")
    if wanted.client_secret is not None:
        return work.vault.seal(contacts.text(wanted.client_secret, path=path, longest=LONGEST), _place(key))
    if before is not None and before.has_secret and before.issuer != wanted.issuer:
        raise Invalid(reason="The secret that is there was given by another issuer: say the one of this.", path=path)
    return before.sealed_secret if before is not None else None


async def _require_everything(work: Work) -> None:
    """A provider can vouch for anybody who works here: who chooses it can become each of them."""
    await hold(work)
    await require_held(work, vocabulary_of(work), [EVERYWHERE], path=("input", "name"))


def _issuer(text: str, *, loopback: bool) -> str:
    """An issuer as it will be compared, character by character."""
    local = loopback and _LOCAL.match(text) is not None
    if len(text) > LONGEST or not _ISSUER.fullmatch(text) or not (text.startswith("https:") or local):
        reason = "An issuer is https://host/path, as the provider writes it: without user name, query and fragment."
        raise Invalid(reason=reason, path=("input", "issuer"))
    return text


def _place(provider_id: UUID) -> str:
    return place_of("identity_provider", "client_secret", provider_id)


def _facts(row: ProviderRow) -> dict[str, object]:
    """What the audit log shows of a provider."""
    return {"name": row.name, "issuer": row.issuer, "clientId": row.client_id, "hasSecret": row.has_secret}
