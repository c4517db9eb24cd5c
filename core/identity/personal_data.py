"""What sign-in knows of members."""

from core.personal import Outcome, PersonalData, deleted

_OF_MEMBER = "t.subject_kind = 'member' AND t.subject_id = $2"

_ENDED = deleted("refresh_token", where=_OF_MEMBER)

PERSONAL_DATA = [
    PersonalData(
        table="refresh_token",
        holds="Where the member is signed in",
        members=(),
        whose=_OF_MEMBER,
        merging=Outcome(
            "Sessions of the one who is merged end.", deleted("refresh_token", where=_OF_MEMBER).statements
        ),
        erasing=deleted("refresh_token", where=_OF_MEMBER),
        withheld=("token_hash",),
    ),
]
