"""What is kept of telling members things."""

from core.personal import Outcome, PersonalData, deleted

#: what both were told of is told once
KEEP_ONE = """
DELETE FROM message g WHERE g.tenant_id = $1 AND g.member_id = $2 AND EXISTS (
    SELECT FROM message s WHERE s.tenant_id = $1 AND s.member_id = $3 AND s.kind = g.kind AND s.source = g.source
    AND s.channel = g.channel)
"""
MOVE = "UPDATE message SET member_id = $3 WHERE tenant_id = $1 AND member_id = $2"
ADOPT = """
UPDATE notice_choice g SET member_id = $3 WHERE g.tenant_id = $1 AND g.member_id = $2 AND NOT EXISTS (
    SELECT FROM notice_choice s WHERE s.tenant_id = $1 AND s.member_id = $3)
"""
DROP = "DELETE FROM notice_choice WHERE tenant_id = $1 AND member_id = $2"

PERSONAL_DATA = [
    PersonalData(
        table="message",
        holds="Messages, in the inbox and sent elsewhere",
        merging=Outcome("All of both are kept, what both were told of once.", [KEEP_ONE, MOVE]),
        erasing=deleted("message"),
        sealed=("content",),
    ),
    PersonalData(
        table="notice_choice",
        holds="The language to be told things in",
        merging=Outcome("The one who stays keeps theirs, if they have one.", [ADOPT, DROP]),
        erasing=deleted("notice_choice"),
    ),
]
