"""Couriers of the shop's own: they take deliveries on, pass them on, and say where they are and how it goes."""
