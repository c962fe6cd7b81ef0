"""Merges; and in histories, whose a change was before. A merge's primary key holds the profile's id."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0012_source_types"),
    ]

    operations = [
        migrations.AddField(
            model_name="profilechange",
            name="absorbed",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="workspace",
            name="has_absorbed",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="profilechange",
            name="deed",
            field=models.CharField(
                choices=[
                    ("created", "Created"),
                    ("updated", "Updated"),
                    ("merged", "Merged"),
                    ("unmerged", "Un-merged"),
                    ("renamed", "Renamed"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("survivor", models.UUIDField()),
                ("absorbed", models.UUIDField(db_index=True)),
                ("distinct_id", models.CharField(max_length=1024)),
                ("at", models.DateTimeField()),
                ("door", models.CharField(max_length=32)),
                ("actor", models.CharField(default="", max_length=150)),
                ("change", models.BigIntegerField()),
                ("snapshot", models.JSONField(default=dict)),
                (
                    "operator",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "profile",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="merges",
                        to="profiles.profile",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE profiles_merge DROP CONSTRAINT profiles_merge_pkey, ADD PRIMARY KEY (id, profile_id)",
            "ALTER TABLE profiles_merge DROP CONSTRAINT profiles_merge_pkey, ADD PRIMARY KEY (id)",
        ),
    ]
