"""Letting partners' apps in, and shutting them out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from core import audit, clock, contacts
from core.access.holding import require_held
from core.access.owners import hold
from core.access.policy import vocabulary_of
from core.access.scopes import EVERYWHERE
from core.apps.models import PartnerApp
from core.apps.permissions import MANAGE
from core.apps.queries import APP, by_ids
from core.apps.rows import AppRow, hash_of
from core.apps.uris import check
from core.errors import Invalid, LimitReached, NotFound
from core.ids import new_id, new_reference, new_secret
from core.work import Work

MOST = 100  #: apps of a brand
LONGEST_NAME = 80  #: characters
NOWHERE = "An app without a secret needs a redirect URI."
_CLIENT_ID = 24  #: characters
_ID, _SCOPES, _URIS = ("input", "id"), ("input", "scopes"), ("input", "redirectUris")

COUNT = "SELECT count(*) FROM partner_app WHERE tenant_id = $1"
FOR_CHANGE = f"SELECT {APP} FROM partner_app WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE"
UPDATE = "UPDATE partner_app SET name = $3, scopes = $4, redirect_uris = $5 WHERE tenant_id = $1 AND id = $2"
SET_SECRET = "UPDATE partner_app SET secret_hash = $3 WHERE tenant_id = $1 AND id = $2"  # noqa: S105 - a statement
SET_ACTIVE = "UPDATE partner_app SET active = $3 WHERE tenant_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Registration:
    """What a brand says of an app; None leaves what there is."""

    name: str | None = None
    scopes: Sequence[str] | None = None  #: permissions
    redirect_uris: Sequence[str] | None = None


async def create(work: Work, wanted: Registration, *, confidential: bool) -> tuple[AppRow, str | None]:
    """Let an app in; one that can keep a secret gets one, which is shown this once."""
    name, scopes, uris = _checked(work, wanted)
    await hold(work)
    await _require_managing(work, scopes or (), path=_SCOPES)
    if not confidential and not uris:
        raise Invalid(reason=NOWHERE, path=_URIS)
    if await work.value(COUNT) >= MOST:
        raise LimitReached(reason=f"A brand has at most {MOST} apps: use one that is there.")
    secret = new_secret() if confidential else None
    app = PartnerApp(
        id=new_id(),
        name=name,
        client_id=new_reference(_CLIENT_ID),
        secret_hash=hash_of(secret) if secret else None,
        scopes=scopes or [],
        redirect_uris=uris or [],
        created_at=clock.now(),
    )
    work.add(app)
    await work.flush()
    row = await _read(work, app.id)
    await audit.record(work, "app.created", "PartnerApp", row.id, after=_facts(row))
    return row, secret


async def update(work: Work, app_id: UUID | None, wanted: Registration) -> AppRow:
    """Change what an app is called, may do and is answered at; what it may do no more, it cannot from now on."""
    before = await _for_change(work, app_id)
    name, scopes, uris = _checked(work, wanted)
    scopes = before.scopes if scopes is None else scopes
    uris = before.redirect_uris if uris is None else uris
    # who says where it is answered can be answered in its place, also once it may do again what it could before
    await _require_managing(work, {*before.scopes, *scopes}, path=_SCOPES)
    if not uris and not before.confidential:
        raise Invalid(reason=NOWHERE, path=_URIS)
    await work.execute(UPDATE, before.id, name or before.name, scopes, uris)
    after = await _read(work, before.id)
    await audit.record(work, "app.updated", "PartnerApp", after.id, before=_facts(before), after=_facts(after))
    return after


async def rotate_secret(work: Work, app_id: UUID | None) -> tuple[AppRow, str]:
    """Give an app another secret; the one before it is void at once, sessions go on."""
    app = await _for_change(work, app_id)
    await _require_managing(work, app.scopes, path=_ID)  # who knows its secret can do what it may
    if not app.confidential:
        raise Invalid(reason="This app has no secret: it cannot keep one.", path=_ID)
    secret = new_secret()
    await work.execute(SET_SECRET, app.id, hash_of(secret))
    await audit.record(work, "app.secret_rotated", "PartnerApp", app.id)
    return await _read(work, app.id), secret


async def activate(work: Work, app_id: UUID | None) -> AppRow:
    """Let an app in again."""
    app = await _for_change(work, app_id)
    await _require_managing(work, app.scopes, path=_ID)
    return await _set_active(work, app, active=True)


async def deactivate(work: Work, app_id: UUID | None) -> AppRow:
    """Shut an app out; whoever manages apps may, whatever the app could do. Its sessions are the caller's to end."""
    app = await _for_change(work, app_id)
    await _require_managing(work, path=_ID)
    return await _set_active(work, app, active=False)


async def _require_managing(work: Work, scopes: Iterable[str] = (), *, path: tuple[str, ...]) -> None:
    """Apps are the whole brand's: who manages one manages them, and holds what it may do, in every store."""
    await require_held(work, {MANAGE.name, *scopes}, [EVERYWHERE], path=path)


async def _set_active(work: Work, app: AppRow, *, active: bool) -> AppRow:
    if app.active != active:
        await work.execute(SET_ACTIVE, app.id, active)
        before, after = {"active": app.active}, {"active": active}
        action = "app.activated" if active else "app.deactivated"
        await audit.record(work, action, "PartnerApp", app.id, before=before, after=after)
    return await _read(work, app.id)


def _checked(work: Work, wanted: Registration) -> tuple[str | None, list[str] | None, list[str] | None]:
    """Name, scopes and redirect URIs, as far as they were said."""
    name, scopes, uris = wanted.name, wanted.scopes, wanted.redirect_uris
    return (
        contacts.text(name, path=("input", "name"), longest=LONGEST_NAME) if name is not None else None,
        _known(work, scopes) if scopes is not None else None,
        check(uris, path=_URIS) if uris is not None else None,
    )


def _known(work: Work, scopes: Sequence[str]) -> list[str]:
    """Each scope once, if it is a permission that this brand can give."""
    unknown = set(scopes) - vocabulary_of(work)
    if unknown:
        raise NotFound(what=f"permission {min(unknown)[:LONGEST_NAME]}", path=_SCOPES)
    return sorted(set(scopes))


async def _for_change(work: Work, app_id: UUID | None) -> AppRow:
    await hold(work)
    app = await work.row(AppRow, FOR_CHANGE, app_id) if app_id is not None else None
    if app is None:
        raise NotFound(what="app", path=_ID)
    return app


async def _read(work: Work, app_id: UUID) -> AppRow:
    app = (await by_ids(work, [app_id]))[0]
    assert app is not None, "its row is held by this transaction"
    return app


def _facts(app: AppRow) -> dict[str, object]:
    """What the audit log shows of an app."""
    return {
        "name": app.name,
        "scopes": app.scopes,
        "redirectUris": app.redirect_uris,
        "confidential": app.confidential,
        "active": app.active,
    }
