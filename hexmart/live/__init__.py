"""Following orders over WebSocket and SSE: connections that stay, and what is told to them."""

from hexmart.live.limits import LiveLimits
from hexmart.live.live import Live
from hexmart.live.socket import Socket
from hexmart.live.stream import Stream

__all__ = ["Live", "LiveLimits", "Socket", "Stream"]
