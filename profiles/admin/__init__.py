"""Django's own admin, for superusers. Here too, profiles and definitions are written through operations."""

from . import people, profiles, properties, records, site

__all__ = ["people", "profiles", "properties", "records", "site"]
