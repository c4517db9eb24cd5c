"""How mutations of notices succeed, and how they are refused."""

from tests.schema.auditing import Case, Input, Stage, plain
from tests.schema.shop import done

KIND = {"code": "orders.ready", "language": "en"}
WORDS = KIND | {"title": "Come", "body": "{number} waits"}


async def worded(stage: Stage) -> Input:
    done(await stage.actor.do("noticeTemplateSet", WORDS, "template { own }"), "template")
    return KIND


CASES: dict[str, Case] = {
    "noticeTemplateSet": plain(WORDS, body="{nothing}"),
    "noticeTemplateReset": Case(worded, {"code": "x"}),
}
