"""Coupons: what a brand gives its shoppers to take off a later purchase."""
