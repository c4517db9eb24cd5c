"""What keys know of members."""

from core.personal import FORGOTTEN_BY_TIME, PersonalData, deleted

_OF_MEMBER = "t.caller = 'member:' || $2::text"

PERSONAL_DATA = [
    PersonalData(
        table="idempotency_key",
        holds="What was asked for within the last day",
        members=(),
        whose=_OF_MEMBER,
        merging=FORGOTTEN_BY_TIME,
        erasing=deleted("idempotency_key", where=_OF_MEMBER),
        withheld=("request_hash",),
    ),
]
