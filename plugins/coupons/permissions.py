"""What may be done with coupons."""

from core.permission import Permission

READ = Permission("coupons.read", "See campaigns with their figures, and members' coupons")
MANAGE = Permission("coupons.manage", "Make, change and end campaigns, and print codes")
GRANT = Permission("coupons.grant", "Give coupons to members, and withdraw them")
AT_THE_COUNTER = ("brand_operator", "regional_manager", "store_manager", "clerk")
VERIFY = Permission("coupons.verify", "Take coupons at a counter", given_to=AT_THE_COUNTER)
