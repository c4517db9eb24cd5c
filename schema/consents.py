"""What members agree to."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from core import consents, members
from core.consents import ConsentRow, ConsentTextRow, LocationRow
from core.members import MemberRow
from core.work import Work
from schema.common import GeoPointInput, point_of
from schema.context import Info
from schema.fields import MEMBER, PUBLIC, batched, field, mutation, query, row_type
from schema.members import Member, member_key, own_members
from schema.payloads import Done, Payload
from schema.scalars import H3Cell


@row_type(ConsentTextRow)
class ConsentText:
    """What is agreed to for a purpose."""

    purpose: str = field("MARKETING, PERSONALISATION, LOCATION, or one of a plugin's.")
    description: str = field("What is done by it.")
    version: int = field("Give it with consentGive, for the text that was read.")
    text: str = field("What is agreed to.")
    published_at: datetime | None = field("Since when; null: it came with the purpose.")


@row_type(ConsentRow)
class Consent:
    """Whether a member agrees to a purpose."""

    purpose: str = field("MARKETING, PERSONALISATION, LOCATION, or one of a plugin's.")
    description: str = field("What is done by it.")
    given: bool = field("Whether they agree to it as it stands now.")
    version: int | None = field("The text that they have last said something to; null: to none.")
    at: datetime | None = field("When they said it.")


@row_type(LocationRow)
class MemberLocation:
    """The part of town that a member was last in."""

    cell: H3Cell = field("A coarse cell; the point itself is not kept.")
    seen_at: datetime = field("When they were there.")
    expires_at: datetime = field("When it is forgotten.")


@batched(Member, list[Consent], cost=5, name="consents")
async def consents_of(found: Sequence[MemberRow], info: Info) -> list[list[ConsentRow]]:
    """Every purpose and whether the member agrees to it, for the member."""
    own = own_members(info.work, found)
    states = dict(zip(own, await consents.states(info.work, own), strict=True))
    return [states.get(row.id, []) for row in found]


@batched(Member, MemberLocation | None, name="location")
async def location_of(found: Sequence[MemberRow], info: Info) -> list[LocationRow | None]:
    """Where they were last, as long as they agree that it is kept; for the member."""
    known = await consents.locations(info.work, own_members(info.work, found))
    return [known.get(row.id) for row in found]


@strawberry.input(description="A text that was read and is agreed to.")
class ConsentGiveInput:
    purpose: str = field("What for.")
    version: int = field("The version of the text, which has to be the newest.")


@strawberry.input(description="What is not agreed to any more.")
class ConsentWithdrawInput:
    purpose: str = field("What for.")


@strawberry.input(description="A text in one language.")
class ConsentTranslationInput:
    language: str = field("Two letters.")
    text: str = field("What is agreed to.")


@strawberry.input(description="Another text for a purpose.")
class ConsentTextPublishInput:
    purpose: str = field("What for.")
    texts: list[ConsentTranslationInput] = field("In each language; the brand's own is among them.")
    renews: bool = field("Whether those who have agreed to earlier texts are to be asked anew.")


@strawberry.type(description="What the member agrees to now, or why nothing was done.")
class ConsentPayload(Payload):
    member: Member | None = field("The member; see consents.")


@strawberry.type(description="The text, or why nothing was done.")
class ConsentTextPayload(Payload):
    text: ConsentText | None = field("What is agreed to from now on.")


@strawberry.type(description="What is kept of where the member is, or why nothing is.")
class MemberLocationPayload(Payload):
    location: MemberLocation | None = field("The cell.")


@query(list[ConsentText], access=PUBLIC, cost=10)
async def consent_texts(info: Info) -> list[ConsentTextRow]:
    """What members can agree to, as it stands now."""
    return await consents.texts(info.work)


@mutation(ConsentPayload, access=MEMBER)
async def consent_give(work: Work, input: ConsentGiveInput) -> Done:
    """Agree to a purpose; the same again changes nothing."""
    await consents.give(work, member_key(work), input.purpose, input.version)
    return await _self(work)


@mutation(ConsentPayload, access=MEMBER)
async def consent_withdraw(work: Work, input: ConsentWithdrawInput) -> Done:
    """Agree to a purpose no more; it counts at once."""
    await consents.withdraw(work, member_key(work), input.purpose)
    return await _self(work)


@mutation(ConsentTextPayload, access=consents.MANAGE)
async def consent_text_publish(work: Work, input: ConsentTextPublishInput) -> ConsentTextRow:
    """Have members agree to another text from now on; earlier ones stay as they were."""
    given = [(one.language, one.text) for one in input.texts]
    return await consents.publish(work, input.purpose, given, renews=input.renews)


@mutation(MemberLocationPayload, access=MEMBER)
async def member_location_set(work: Work, input: GeoPointInput) -> LocationRow:
    """Say where you are; a coarse cell is kept for a while, and only with consent to LOCATION."""
    return await consents.locate(work, member_key(work), point_of(input, ("input",)))


async def _self(work: Work) -> Done:
    return Done((await members.visible(work, [member_key(work)]))[0])
