"""Fyno's profile endpoints (contracts 1b and 8.7, seed 000)."""
