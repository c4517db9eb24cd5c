"""What consents say of members; of two who become one, whoever agreed to less is believed."""

from core.personal import KEPT_AS_IT_IS, Outcome, PersonalData, deleted

#: what the one who stays has agreed to and the other has not, is withdrawn
STRICTEST = """
INSERT INTO consent (tenant_id, member_id, purpose, number, given, version, at, actor)
SELECT $1, $3, s.purpose, s.number + 1, false, s.version, app_now(), 'system:merging' FROM (
    SELECT DISTINCT ON (purpose) purpose, number, given, version FROM consent
    WHERE tenant_id = $1 AND member_id = $3 ORDER BY purpose, number DESC) s
WHERE s.given AND NOT coalesce((
    SELECT g.given FROM consent g WHERE g.tenant_id = $1 AND g.member_id = $2 AND g.purpose = s.purpose
    ORDER BY g.number DESC LIMIT 1), false)
"""
NOWHERE = "DELETE FROM member_location WHERE tenant_id = $1 AND member_id IN ($2, $3)"

PERSONAL_DATA = [
    PersonalData(
        table="consent",
        holds="What the member has agreed to and when, and what not",
        merging=Outcome(
            "Only what both have agreed to counts; what either has said stays as it was said.", [STRICTEST]
        ),
        erasing=KEPT_AS_IT_IS,
    ),
    PersonalData(
        table="member_location",
        holds="The part of town that the member was last in",
        merging=Outcome("Neither's is kept.", [NOWHERE]),
        erasing=deleted("member_location"),
    ),
]
