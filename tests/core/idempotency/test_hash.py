"""What makes two requests the same wish."""

import pytest

from core.errors import Invalid
from core.idempotency import Request
from core.ids import new_id

ORDER = new_id()
WISH = Request("refundCreate", "staff:1", "k", [str(ORDER), {"a": 1, "b": 2}, 500, "broken", True])


def test_the_order_of_an_objects_keys_is_no_difference() -> None:
    assert Request("refundCreate", "staff:1", "k", [ORDER, {"b": 2, "a": 1}, 500, "broken", True]).hash == WISH.hash


@pytest.mark.parametrize(
    "other",
    [
        [str(new_id()), {"a": 1, "b": 2}, 500, "broken", True],
        [str(ORDER), {"a": 1, "b": 3}, 500, "broken", True],
        [str(ORDER), {"a": 1, "b": 2}, "500", "broken", True],
        [str(ORDER), {"a": 1, "b": 2}, 500, "broken", False],
        [str(ORDER), {"a": 1, "b": 2}, 500, "broken"],
        [str(ORDER), {"a": 1, "b": 2}, None, "broken", True],
    ],
)
def test_any_other_input_is_another_wish(other: list[object]) -> None:
    assert Request("refundCreate", "staff:1", "k", other).hash != WISH.hash


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_has_1_to_200_characters(key: str) -> None:
    Request("refundCreate", "staff:1", "k" * 200, []).check()
    with pytest.raises(Invalid, match="1 to 200 characters") as refusal:
        Request("refundCreate", "staff:1", key, []).check()
    assert refusal.value.path == ("input", "idempotencyKey")
