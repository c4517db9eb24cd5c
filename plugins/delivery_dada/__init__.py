"""Dada: couriers who carry for many shops."""
