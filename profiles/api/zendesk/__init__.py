"""Zendesk's Profiles API (contracts 5 and 8.6, seed 004)."""
