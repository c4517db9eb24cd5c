"""What may be done with points."""

from core.permission import Permission

READ = Permission("points.read", "See what points members have, and how they came by them")
ADJUST = Permission("points.adjust", "Give members points, or take some away, with a reason")
