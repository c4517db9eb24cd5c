"""What people are told: its words, which a brand may choose."""

from datetime import datetime

import strawberry

from core import notices
from core.notices import TemplateRow, Wish
from core.notices import Variable as VariableRow
from core.work import Work
from schema.context import Info
from schema.enums import NoticePurpose, NoticeVariableType
from schema.fields import field, mutation, query, row_type
from schema.payloads import Done, Payload


@row_type(VariableRow)
class NoticeVariable:
    """What the words of a notice may speak of."""

    name: str = field("Written as {name}.")
    type: NoticeVariableType = field("How it is shown.")
    meaning: str = field("What it says.")
    example: str = field("What a preview shows.")
    required: bool = field("Whether the body has to say it.")


@row_type(TemplateRow)
class NoticeTemplate:
    """The words of a kind of notice in one language."""

    code: str = field("The kind: orders.ready ...")
    description: str = field("When it is sent.")
    purpose: NoticePurpose = field("Why it is sent.")
    language: str = field("Two letters.")
    title: str = field("A line.")
    body: str = field("All of it.")
    own: bool = field("Whether the brand has chosen these words; else they are what the kind came with.")
    set_at: datetime | None = field("When the brand chose them.")
    variables: list[NoticeVariable] = field("What its words may speak of.", cost=1)


@strawberry.type(description="What words would say of an example.")
class NoticePreview:
    title: str = field("The line.")
    body: str = field("All of it.")


@strawberry.input(description="Words for a kind of notice.")
class NoticeTemplateInput:
    code: str = field("The kind.")
    language: str = field("Two letters.")
    title: str = field("A line; variables are written as {name}.")
    body: str = field("All of it; variables are written as {name}.")


@strawberry.input(description="A kind of notice that is to have the words again that it came with.")
class NoticeTemplateResetInput:
    code: str = field("The kind.")
    language: str = field("Two letters.")


@strawberry.type(description="The words, or why nothing was done.")
class NoticeTemplatePayload(Payload):
    template: NoticeTemplate | None = field("The words as they are now; null: there are none in that language.")


@query(list[NoticeTemplate], access=notices.MANAGE, cost=40)
async def notice_templates(info: Info, code: str | None = None) -> list[TemplateRow]:
    """What people are told, by kind and language: of everything, or of one kind."""
    return await notices.templates(info.work, code)


@query(NoticePreview, access=notices.MANAGE)
async def notice_preview(info: Info, input: NoticeTemplateInput) -> NoticePreview:
    """What words would say of an example; refused as noticeTemplateSet would refuse them."""
    words = notices.preview(info.work, _wish(input))
    return NoticePreview(title=words.title, body=words.body)


@mutation(NoticeTemplatePayload, access=notices.MANAGE)
async def notice_template_set(work: Work, input: NoticeTemplateInput) -> TemplateRow:
    """Have people told in these words from now on."""
    return await notices.set_words(work, _wish(input))


@mutation(NoticeTemplatePayload, access=notices.MANAGE)
async def notice_template_reset(work: Work, input: NoticeTemplateResetInput) -> Done:
    """Have people told again in the words that the kind came with."""
    return Done(await notices.reset_words(work, input.code, input.language))


def _wish(given: NoticeTemplateInput) -> Wish:
    return Wish(given.code, given.language, given.title, given.body)
