"""Stored value: money that members pay in beforehand, and spend as a way to pay."""
