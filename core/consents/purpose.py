"""What a member can agree to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "zh")  #: that every purpose has words in; a brand's own text may have others
MARKETING = "MARKETING"
PERSONALISATION = "PERSONALISATION"
LOCATION = "LOCATION"


@dataclass(frozen=True, slots=True)
class ConsentPurpose:
    """`ConsentPurpose("gift_wrap.PHOTOS", "Showing photos of parcels", {"en": "...", "zh": "..."})`."""

    code: str
    description: str
    text: Mapping[str, str]  #: what is agreed to until the brand has published a text of its own, by language


def faults(purposes: Iterable[ConsentPurpose]) -> list[str]:
    """A sentence for each fault of these purposes."""
    return [
        f"the purpose {one.code} has no words in {language}"
        for one in purposes
        for language in LANGUAGES
        if not one.text.get(language)
    ]


PURPOSES = [
    ConsentPurpose(
        MARKETING,
        "Being told of offers",
        {"en": "We may tell you of offers and news.", "zh": "我们可以向您发送优惠和活动信息。"},
    ),
    ConsentPurpose(
        PERSONALISATION,
        "Being shown what suits what was bought and looked at",
        {
            "en": "We may use what you buy and look at to show you what suits you.",
            "zh": "我们可以根据您的购买和浏览记录为您推荐商品。",
        },
    ),
    ConsentPurpose(
        LOCATION,
        "Having the part of town kept where one is",
        {
            "en": "We may keep the part of town that you are in, for a while.",
            "zh": "我们可以在一段时间内保存您所在的大致区域。",
        },
    ),
]
