"""What may be done with events that could not be delivered; they are the whole brand's."""

from core.permission import Permission

READ = Permission("events.read", "See which events could not be delivered")
REPLAY = Permission("events.replay", "Have events delivered again that could not be")
