"""The people who work for a brand: how they come, prove who they are, and go."""
