"""Let the search text hold letters for what joins the parts of e-mails and IDs: see `models.profile.folded`."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models
from django.db.models.functions import Lower

import profiles.models.profile


class Migration(migrations.Migration):
    dependencies = [("profiles", "0006_receipts_of_jobs")]
    operations = [
        migrations.RemoveIndex("profile", "profile_search"),
        migrations.RemoveField("profile", "search_text"),
        migrations.AddField(
            "profile",
            "search_text",
            models.GeneratedField(
                db_persist=True,
                editable=False,
                expression=models.Func(
                    Lower(
                        profiles.models.profile.Joined(
                            *(
                                part
                                for column in (
                                    *("distinct_id", "name", "first_name", "last_name"),
                                    *("email", "phone"),
                                )
                                for part in (models.Value(" "), models.F(column))
                            )
                        )
                    ),
                    models.Value("@.-_+:/"),
                    models.Value("ȡȴȵȶƾƪƻ"),
                    function="TRANSLATE",
                    output_field=models.TextField(),
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            "profile", GinIndex(OpClass(models.F("search_text"), name="gin_trgm_ops"), name="profile_search")
        ),
    ]
