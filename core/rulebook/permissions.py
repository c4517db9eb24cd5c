"""What may be done with rules."""

from core.permission import Permission

READ = Permission("rules.read", "See the brand's rules, what they were and what a change would do")
SET = Permission("rules.set", "Set the brand's rules, or those of regions and stores")
