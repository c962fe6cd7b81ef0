from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("profiles", "0010_keys_of_applications"),
    ]

    operations = [
        migrations.AddField(
            model_name="profile",
            name="person",
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="profile",
            index=models.Index(
                models.F("workspace"),
                models.F("person"),
                condition=models.Q(("person", None), _negated=True),
                name="profile_person",
            ),
        ),
    ]
