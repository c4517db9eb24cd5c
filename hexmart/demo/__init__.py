"""Brands, stores, products and people for a demonstration, the same on every machine."""
