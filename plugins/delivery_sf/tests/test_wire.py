"""The protocol to the byte. The sums were worked out by `md5sum` and `base64`, from the texts beside them."""

from urllib.parse import quote

import pytest

from plugins.delivery_sf.wire import STATES, is_signed, sign

BODY = b'{"a":1}'
SIGNED = "Yjc3OTUwMzIzZTMzYzEwMTk3ZDc5NTJiYTRjNzhlYzA="
CHINESE = "NTliYTc4N2I2Y2ZlNjRhYTc1ZDEyZTVlOTlhMzIyNmQ="


def test_a_body_is_signed_to_the_byte_with_id_and_key() -> None:
    # {"a":1}&1001&k3, and its sum as a text to the letter
    assert sign(BODY, 1001, "k3") == SIGNED
    assert sign('{"a":"顺丰"}'.encode(), 1001, "k3") == CHINESE


@pytest.mark.parametrize("query", [f"sign={SIGNED}", f"sign={quote(SIGNED, safe='')}", f"x=1&sign={SIGNED}&sign=0"])
def test_a_callback_is_signed_in_its_address(query: str) -> None:
    assert is_signed(BODY, query, 1001, "k3")


@pytest.mark.parametrize("query", ["", "sign=", "sign=0", f"sign={SIGNED.lower()}", f"sgn={SIGNED}", "sign=%C3%A9"])
def test_any_other_sign_is_nobodys(query: str) -> None:
    assert not is_signed(BODY, query, 1001, "k3")


def test_a_callback_with_anything_changed_is_nobodys() -> None:
    for body, dev_id, key in (
        (b'{"a":2}', 1001, "k3"),
        (BODY + b" ", 1001, "k3"),
        (BODY, 1002, "k3"),
        (BODY, 1001, "k"),
    ):
        assert not is_signed(body, f"sign={SIGNED}", dev_id, key)


def test_every_state_of_sfs_is_one_of_ours() -> None:
    assert {code: state.value for code, state in STATES.items()} == {
        1: "DISPATCHING",
        10: "ACCEPTED",
        12: "ARRIVED_STORE",
        14: "PICKED_UP",
        15: "PICKED_UP",
        17: "DELIVERED",
        2: "CANCELLED",
        22: "DISPATCHING",
    }
