"""Cash: whoever stands at the counter takes it, and says so."""
