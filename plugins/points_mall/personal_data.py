"""What the points mall knows of members."""

from core.personal import KEPT_AS_IT_IS, Outcome, PersonalData, moved

COUNT_AS_ONE = """
INSERT INTO points_mall_tally (tenant_id, offer_id, member_id, taken, day, today)
SELECT $1, o.offer_id, $3, o.taken, o.day, o.today FROM points_mall_tally o
WHERE o.tenant_id = $1 AND o.member_id = $2 ORDER BY o.offer_id
ON CONFLICT (tenant_id, offer_id, member_id) DO UPDATE SET taken = points_mall_tally.taken + excluded.taken,
    day = greatest(points_mall_tally.day, excluded.day),
    today = CASE WHEN points_mall_tally.day >= excluded.day THEN points_mall_tally.today ELSE 0 END
        + CASE WHEN excluded.day >= points_mall_tally.day THEN excluded.today ELSE 0 END
"""
COUNTED_NO_MORE = "DELETE FROM points_mall_tally WHERE tenant_id = $1 AND member_id = $2"
END_SERVICES = """
UPDATE points_mall_redemption t SET state = 'LAPSED' WHERE t.tenant_id = $1 AND t.member_id = $2 AND t.state = 'OPEN'
"""

PERSONAL_DATA = [
    PersonalData(
        table="points_mall_tally",
        holds="How much of each offer for points the member has had",
        merging=Outcome("Both are counted together.", [COUNT_AS_ONE, COUNTED_NO_MORE]),
        erasing=KEPT_AS_IT_IS,
    ),
    PersonalData(
        table="points_mall_redemption",
        holds="What the member has had for points",
        merging=moved("points_mall_redemption"),
        erasing=Outcome("What was had is kept, services that wait are over.", [END_SERVICES]),
        withheld=("code_index",),
        sealed=("code",),
    ),
]
