"""Neighbours buy together: the price of a group, once the group is full."""
