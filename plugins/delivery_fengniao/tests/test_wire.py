"""The protocol to the byte. The sums were worked out by `sha256sum`, from the texts that stand beside them."""

import orjson
import pytest

from plugins.delivery_fengniao.wire import STATES, envelope, is_signed, signature

SAID = {
    "app_id": "a1",
    "merchant_id": "m1",
    "timestamp": "1609118272793",
    "version": "1.0",
    "access_token": "t1",
    "business_data": '{"a":1}',
}
SIGNED = "9bafa27e1e891ff81a8fdc92a9d4fcb1f7effe54929a1763bbdec00417cd851d"
TOLD = {"app_id": "a1", "timestamp": "1609118272793", "business_data": '{"a":1}'}
SIGNED_TOLD = "4ddea2b9e58a931f04037b3c7888908f86039df1d8c374385e533bbd63a513d6"


def test_a_request_is_signed_by_names_and_values_behind_the_secret() -> None:
    # s3access_token=t1&app_id=a1&business_data={"a":1}&merchant_id=m1&timestamp=1609118272793&version=1.0
    assert signature(SAID, "s3") == SIGNED


def test_an_envelope_carries_the_parameters_as_a_text_and_the_signature_of_all() -> None:
    keys = {"app_id": "a1", "secret": "s3", "merchant_id": "m1", "access_token": "t1"}
    assert orjson.loads(envelope({"a": 1}, timestamp=1609118272793, **keys)) == SAID | {"signature": SIGNED}


def test_a_callback_is_signed_by_what_it_carries() -> None:
    # s3app_id=a1&business_data={"a":1}&timestamp=1609118272793
    assert is_signed(TOLD | {"signature": SIGNED_TOLD}, app_id="a1", secret="s3")


@pytest.mark.parametrize(
    "changed",
    [
        {"business_data": '{"a":2}'},
        {"timestamp": "1609118272794"},
        {"app_id": "a2"},
        {"signature": SIGNED_TOLD.upper()},
        {"signature": None},
        {"signature": "é"},
    ],
)
def test_a_callback_with_anything_changed_is_nobodys(changed: dict[str, object]) -> None:
    assert not is_signed(TOLD | {"signature": SIGNED_TOLD} | changed, app_id="a1", secret="s3")
    assert not is_signed(TOLD | {"signature": SIGNED_TOLD}, app_id="a1", secret="another")


def test_every_state_of_fengniaos_is_one_of_ours() -> None:
    assert {code: state.value for code, state in STATES.items()} == {
        0: "DISPATCHING",
        1: "DISPATCHING",
        20: "ACCEPTED",
        80: "ARRIVED_STORE",
        2: "PICKED_UP",
        3: "DELIVERED",
        4: "CANCELLED",
        5: "EXCEPTION",
    }
