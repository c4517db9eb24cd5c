"""The protocol to the byte. The sums were worked out by `md5sum`, from the texts that stand beside them."""

import orjson
import pytest

from core.deliveries import State
from plugins.delivery_dada.wire import STATES, callback_signature, envelope, is_whole, signature

SAID = {
    "app_key": "dada4",
    "body": '{"a":1}',
    "format": "json",
    "source_id": "73753",
    "timestamp": 1466061026,
    "v": "1.0",
}


def test_a_request_is_signed_by_names_and_values_between_the_secret() -> None:
    # s3app_keydada4body{"a":1}formatjsonsource_id73753timestamp1466061026v1.0s3
    assert signature(SAID, "s3") == "2036843CCBB4B65AF69EB8820BD13604"


def test_an_envelope_carries_the_parameters_as_a_text_and_the_signature_of_all() -> None:
    made = orjson.loads(envelope({"a": 1}, app_key="dada4", secret="s3", source_id="73753", timestamp=1466061026))
    assert made == SAID | {"signature": "2036843CCBB4B65AF69EB8820BD13604"}
    assert orjson.loads(envelope(None, app_key="k", secret="s", source_id="1", timestamp=1))["body"] == ""


def test_a_callback_is_signed_by_three_values_sorted_as_texts() -> None:
    # 14660610263000000017373-1
    assert callback_signature("7373-1", "300000001", "1466061026") == "1f4aa3246afe282e5eb7d7252a314adc"


@pytest.mark.parametrize("changed", [{}, {"order_id": "2"}, {"signature": "0"}, {"signature": None}])
def test_a_callback_is_whole_or_it_is_not(changed: dict[str, object]) -> None:
    told = {"client_id": "9", "order_id": "10", "update_time": 11, "signature": callback_signature("9", "10", "11")}
    assert is_whole(told | changed) is not bool(changed)


def test_every_state_of_dadas_is_one_of_ours() -> None:
    assert {code: state.value for code, state in STATES.items()} == {
        1: "DISPATCHING",
        2: "ACCEPTED",
        100: "ARRIVED_STORE",
        3: "PICKED_UP",
        4: "DELIVERED",
        5: "CANCELLED",
        7: "CANCELLED",
        8: "DISPATCHING",
        9: "RETURNING",
        10: "RETURNED",
        1000: "CANCELLED",
    }
    assert State.EXCEPTION not in STATES.values()
