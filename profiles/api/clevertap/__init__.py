"""CleverTap's profile endpoints (contracts 4b and 8.10, seed 003)."""
