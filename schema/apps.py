"""Partner apps: who they are, and letting them in."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry
from strawberry import ID

from core import apps, identity
from core.actors import ActorKind
from core.apps import AppRow, Registration
from core.work import Work
from schema import relay
from schema.context import Info
from schema.fields import field, mutation, node_type, query
from schema.payloads import Done, Payload
from schema.relay import Node


async def _load(work: Work, ids: Sequence[UUID]) -> list[AppRow | None]:
    """An app sees itself, whoever manages apps all of them."""
    may = work.actor.may(apps.MANAGE.name)
    return [app if app and (may or _is_self(work, app)) else None for app in await apps.by_ids(work, ids)]


def _is_self(work: Work, app: AppRow) -> bool:
    return work.actor.kind == ActorKind.APP and work.actor.id == app.id


@node_type(AppRow, _load)
class PartnerApp(Node):
    """A partner's program that may call the brand's API by OAuth 2."""

    name: str = field("What people are told it is called when it asks them to let it in.")
    client_id: str = field("What it calls itself by in OAuth.")
    scopes: list[str] = field("The permissions it may be given; for somebody, no more than that person holds.")
    redirect_uris: list[str] = field("Where people who have let it in are sent back to.")
    confidential: bool = field("Whether it has a secret, and can act by itself.")
    active: bool = field("Whether it is let in.")
    created_at: datetime = field("When it was let in first.")


@strawberry.type(description="The app, or why nothing was done.")
class AppPayload(Payload):
    app: PartnerApp | None = field("The app as it is now.")
    secret: str | None = field("Its new secret, shown this once; null where it got none.")


@strawberry.input(description="A partner's program that is to be let in.")
class AppCreateInput:
    name: str = field("What people are told it is called.")
    scopes: list[str] = field("Permissions that it may be given; each you hold in every store.")
    redirect_uris: list[str] = strawberry.field(
        description="Where people are sent back to: https, or http on 127.0.0.1 or localhost, there at any port.",
        default_factory=list,
    )
    confidential: bool = strawberry.field(
        description="Whether it can keep a secret; a program on people's own machines cannot.", default=True
    )


@strawberry.input(description="Changes of an app; what is left out or null stays as it is.")
class AppUpdateInput:
    id: ID = field("Which.")
    name: str | None = strawberry.field(description="What people are told it is called.", default=None)
    scopes: list[str] | None = strawberry.field(description="All permissions that it may be given.", default=None)
    redirect_uris: list[str] | None = strawberry.field(description="All places to be sent back to.", default=None)


@strawberry.input(description="An app that is to get another secret.")
class AppSecretRotateInput:
    id: ID = field("Which.")


@strawberry.input(description="An app that is to be let in again.")
class AppActivateInput:
    id: ID = field("Which.")


@strawberry.input(description="An app that is to be shut out.")
class AppDeactivateInput:
    id: ID = field("Which.")


@query(list[PartnerApp], access=apps.MANAGE, cost=20, name="apps")
async def list_apps(info: Info) -> list[AppRow]:
    """Partners' apps, the oldest first."""
    return await apps.listing(info.work)


@mutation(AppPayload, access=apps.MANAGE)
async def app_create(work: Work, input: AppCreateInput) -> Done:
    """Let a partner's app in."""
    wanted = Registration(input.name, input.scopes, input.redirect_uris)
    app, secret = await apps.create(work, wanted, confidential=input.confidential)
    return Done(app, more={"secret": secret})


@mutation(AppPayload, access=apps.MANAGE)
async def app_update(work: Work, input: AppUpdateInput) -> AppRow:
    """Change an app; permissions that are taken from it are gone at its next call."""
    return await apps.update(work, _key(input.id), Registration(input.name, input.scopes, input.redirect_uris))


@mutation(AppPayload, access=apps.MANAGE)
async def app_secret_rotate(work: Work, input: AppSecretRotateInput) -> Done:
    """Give an app another secret. The old one is void at once; who acts by the app's sessions goes on."""
    app, secret = await apps.rotate_secret(work, _key(input.id))
    return Done(app, more={"secret": secret})


@mutation(AppPayload, access=apps.MANAGE)
async def app_activate(work: Work, input: AppActivateInput) -> AppRow:
    """Let an app in again; its former sessions stay ended."""
    return await apps.activate(work, _key(input.id))


@mutation(AppPayload, access=apps.MANAGE)
async def app_deactivate(work: Work, input: AppDeactivateInput) -> AppRow:
    """Shut an app out, and end its sessions at once."""
    app = await apps.deactivate(work, _key(input.id))
    await identity.end_all(work, ActorKind.APP, app.id)
    return app


def _key(value: str) -> UUID | None:
    return relay.key_of("PartnerApp", value)
