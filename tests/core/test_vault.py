"""Personal data at rest: bound to its tenant and its row, found by a blind index."""

import pytest

from core.ids import new_id
from core.vault import Vault
from core.work import place_of

SECRET = b"a secret of the installation's"
OURS, THEIRS = Vault(SECRET, 1), Vault(SECRET, 2)
PHONE = "+8613800000001"
PLACE = place_of("member", "phone", new_id())


@pytest.mark.parametrize("value", [PHONE, {"line": "人民大道200号", "latitude": 31.2304}, None, ""])
def test_what_is_sealed_opens_at_its_place(value: object) -> None:
    assert OURS.open(OURS.seal(value, PLACE), PLACE) == value


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(place_of("member", "phone", new_id()), id="another row"),
        pytest.param(PLACE.replace("phone", "name"), id="another column"),
        pytest.param(PLACE.replace("member", "staff"), id="another table"),
    ],
)
def test_a_sealed_value_does_not_open_elsewhere(place: str) -> None:
    with pytest.raises(ValueError, match="does not open"):
        OURS.open(OURS.seal(PHONE, PLACE), place)


def test_a_sealed_value_does_not_open_for_another_tenant_or_installation() -> None:
    sealed = OURS.seal(PHONE, PLACE)
    for vault in (THEIRS, Vault(b"another secret", 1)):
        with pytest.raises(ValueError, match="does not open"):
            vault.open(sealed, PLACE)


@pytest.mark.parametrize("at", [0, 12, -1])
def test_a_sealed_value_with_another_bit_does_not_open(at: int) -> None:
    sealed = bytearray(OURS.seal(PHONE, PLACE))
    sealed[at] ^= 1
    with pytest.raises(ValueError, match="does not open"):
        OURS.open(bytes(sealed), PLACE)


def test_the_same_value_is_never_sealed_alike() -> None:
    first, second = OURS.seal(PHONE, PLACE), OURS.seal(PHONE, PLACE)
    assert first != second
    assert PHONE.encode() not in first


def test_a_blind_index_is_the_same_for_a_tenant_and_another_for_every_other() -> None:
    assert OURS.index(PHONE, "phone") == Vault(SECRET, 1).index(PHONE, "phone")
    others = {OURS.index(PHONE, "email"), OURS.index("+8613800000002", "phone"), THEIRS.index(PHONE, "phone")}
    assert len(others | {OURS.index(PHONE, "phone")}) == 4


def test_no_tenant_signs_with_anothers_key() -> None:
    assert OURS.token_key(1).as_dict() == Vault(SECRET, 1).token_key(1).as_dict()
    assert OURS.token_key(1).as_dict()["x"] != THEIRS.token_key(1).as_dict()["x"]
