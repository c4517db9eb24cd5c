"""What may be done with roles."""

from core.permission import Permission

DEFINE = Permission("roles.define", "Make roles and change what they may do")
ASSIGN = Permission("roles.assign", "Give roles to staff and take them away")
EXPLAIN = Permission("roles.explain", "Ask why somebody else may not do something")
