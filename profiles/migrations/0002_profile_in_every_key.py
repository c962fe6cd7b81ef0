"""Widen the primary keys of profile-owned tables to hold the profile's id.

A table can be sharded by profile only if every unique constraint holds the profile's id. Django's `id`
stays the model's key; the database's is (id, profile_id).
"""

from django.db import migrations

OWNED = ("profiles_identifier", "profiles_profilechange")


class Migration(migrations.Migration):
    dependencies = [("profiles", "0001_nouns")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD PRIMARY KEY (id, profile_id)",
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey, ADD PRIMARY KEY (id)",
        )
        for table in OWNED
    ]
