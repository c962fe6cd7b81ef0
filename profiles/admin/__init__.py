"""Django's own admin, for superusers. Here too, profiles and definitions are written through operations."""

from . import imports, jobs, keys, people, profiles, properties, records, site

__all__ = ["imports", "jobs", "keys", "people", "profiles", "properties", "records", "site"]
