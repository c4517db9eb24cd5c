"""Migrations of core and of plugins, as whoever runs Hexmart knows them."""
