"""What coupons know of members."""

from core.personal import KEPT_AS_IT_IS, Outcome, PersonalData, moved

HOLD_AS_ONE = """
INSERT INTO coupons_holding (tenant_id, campaign_id, member_id, claimed)
SELECT $1, h.campaign_id, $3, h.claimed FROM coupons_holding h WHERE h.tenant_id = $1 AND h.member_id = $2
ORDER BY h.campaign_id
ON CONFLICT (tenant_id, campaign_id, member_id) DO UPDATE SET claimed = coupons_holding.claimed + excluded.claimed
"""
HELD_NO_MORE = "DELETE FROM coupons_holding WHERE tenant_id = $1 AND member_id = $2"
# What both were given on one occasion is told apart by that no more: an occasion gives a member one coupon.
TELL_APART = """
UPDATE coupons_coupon t SET occasion_id = NULL WHERE t.tenant_id = $1 AND t.member_id = $2 AND EXISTS (
    SELECT FROM coupons_coupon o WHERE o.tenant_id = $1 AND o.member_id = $3
    AND o.occasion_id = t.occasion_id AND o.campaign_id = t.campaign_id)
"""
REVOKE = """
UPDATE coupons_coupon t SET state = 'REVOKED' WHERE t.tenant_id = $1 AND t.member_id = $2
AND (t.state = 'UNUSED' OR (t.state = 'GIVEN' AND t.gift_taken_at IS NULL))
"""

PERSONAL_DATA = [
    PersonalData(
        table="coupons_holding",
        holds="How many coupons of each campaign the member has had",
        merging=Outcome("Both are counted together.", [HOLD_AS_ONE, HELD_NO_MORE]),
        erasing=KEPT_AS_IT_IS,
    ),
    PersonalData(
        table="coupons_coupon",
        holds="Coupons, used and not",
        merging=Outcome("All of both are kept.", [TELL_APART, *moved("coupons_coupon").statements]),
        erasing=Outcome("What was used is kept, the rest is revoked.", [REVOKE]),
        withheld=("code_index", "gift_index", "gift"),
        sealed=("code",),
    ),
]
