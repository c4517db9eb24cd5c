"""What members are."""

from core.personal import FORGOTTEN_BY_TIME, Outcome, PersonalData, blanked, deleted

MEET_AS_ONE = """
INSERT INTO member_store (tenant_id, store_id, member_id)
SELECT $1, k.store_id, $3 FROM member_store k WHERE k.tenant_id = $1 AND k.member_id = $2
ON CONFLICT (tenant_id, store_id, member_id) DO NOTHING
"""
MET_NO_MORE = "DELETE FROM member_store WHERE tenant_id = $1 AND member_id = $2"
_OF_PHONE = "t.phone_index IN (SELECT m.phone_index FROM member m WHERE m.tenant_id = $1 AND m.id = $2)"

PERSONAL_DATA = [
    PersonalData(
        table="one_time_code",
        holds="The code last sent to the phone",
        members=(),
        whose=_OF_PHONE,
        merging=FORGOTTEN_BY_TIME,
        erasing=deleted("one_time_code", where=_OF_PHONE),
        withheld=("phone_index", "code_hash"),
    ),
    PersonalData(
        table="member_store",
        holds="Stores that know the member",
        merging=Outcome("Stores that knew either know the one.", [MEET_AS_ONE, MET_NO_MORE]),
        erasing=deleted("member_store"),
    ),
    PersonalData(
        table="member",
        holds="The member: phone, name, standing",
        members=("id",),
        merging=Outcome("The one who stays keeps phone, name and standing."),
        erasing=blanked("member", "name", where="t.id = $2", keeps="An entry that names nobody"),
        sealed=("phone", "name"),
        withheld=("phone_index",),
    ),
]
