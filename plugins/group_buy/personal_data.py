"""What group purchases know of members."""

from core.personal import GONE_WITH_ITS_OWNER, KEPT_AS_IT_IS, PersonalData, moved

BOTH_IN_ONE_TEAM = """
SELECT s.team_id FROM group_buy_seat s JOIN group_buy_seat o ON o.tenant_id = $1 AND o.team_id = s.team_id
WHERE s.tenant_id = $1 AND s.member_id = $2 AND o.member_id = $3
AND s.state IN ('RESERVED', 'PAID') AND o.state IN ('RESERVED', 'PAID')
"""

PERSONAL_DATA = [
    PersonalData(
        table="group_buy_team",
        holds="Groups that the member opened",
        members=("leader_id",),
        merging=moved("group_buy_team", "leader_id"),
        erasing=KEPT_AS_IT_IS,
    ),
    PersonalData(
        table="group_buy_seat",
        holds="Groups that the member buys with",
        merging=moved("group_buy_seat"),
        erasing=KEPT_AS_IT_IS,
        hindrance=BOTH_IN_ONE_TEAM,
    ),
    PersonalData(
        table="group_buy_wish",
        holds="Carts that are meant for a group",
        merging=moved("group_buy_wish"),
        erasing=GONE_WITH_ITS_OWNER,
    ),
]
