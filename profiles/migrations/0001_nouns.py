"""The nouns of the product, and the extensions that their indexes need."""

import uuid

import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations, models

import profiles.models.audit
import profiles.models.operator
import profiles.models.profile
import profiles.models.workspace


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        BtreeGinExtension(),
        TrigramExtension(),
        migrations.CreateModel(
            name="Workspace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "slug",
                    models.CharField(
                        max_length=50,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$",
                                "A workspace's slug has 1 to 50 small letters, digits and hyphens, and starts and ends without a hyphen.",
                            )
                        ],
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                (
                    "unknown_keys",
                    models.CharField(
                        choices=[
                            ("register", "Register it, with the type of its first value"),
                            ("refuse", "Refuse the value"),
                        ],
                        default="register",
                        max_length=8,
                    ),
                ),
                ("schema_version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                ),
                (
                    "timezone",
                    models.CharField(
                        default="UTC", max_length=64, validators=[profiles.models.operator.validate_timezone]
                    ),
                ),
                (
                    "theme",
                    models.CharField(
                        choices=[("auto", "As the device"), ("light", "Light"), ("dark", "Dark")],
                        default="auto",
                        max_length=5,
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "operator",
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Selection",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("query", models.TextField(blank=True, default="")),
                ("is_everything", models.BooleanField(default=False)),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), blank=True, default=list, size=None
                    ),
                ),
                (
                    "exceptions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), blank=True, default=list, size=None
                    ),
                ),
                ("mark", models.DateTimeField()),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="selections",
                        to="profiles.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "environment",
                    models.CharField(
                        choices=[("live", "Live"), ("test", "Test")], default="live", max_length=4
                    ),
                ),
                ("distinct_id", models.CharField(max_length=1024, verbose_name="distinct ID")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "Active"), ("disabled", "Disabled")],
                        default="active",
                        max_length=8,
                    ),
                ),
                ("first_name", models.CharField(blank=True, default="", max_length=255)),
                ("last_name", models.CharField(blank=True, default="", max_length=255)),
                ("name", models.CharField(blank=True, default="", max_length=255)),
                ("email", models.CharField(blank=True, default="", max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, default="", max_length=16)),
                ("gender", models.CharField(blank=True, default="", max_length=64)),
                ("birthday", models.DateField(blank=True, null=True)),
                ("country", models.CharField(blank=True, default="", max_length=2)),
                ("city", models.CharField(blank=True, default="", max_length=255)),
                ("language", models.CharField(blank=True, default="", max_length=35)),
                ("timezone", models.CharField(blank=True, default="", max_length=64)),
                (
                    "avatar_url",
                    models.CharField(blank=True, default="", max_length=2048, verbose_name="picture URL"),
                ),
                ("title", models.CharField(blank=True, default="", max_length=255)),
                (
                    "display_name",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.comparison.Coalesce(
                            django.db.models.functions.comparison.NullIf(models.F("name"), models.Value("")),
                            django.db.models.functions.text.Trim(
                                profiles.models.profile.Joined(
                                    models.F("first_name"), models.Value(" "), models.F("last_name")
                                )
                            ),
                        ),
                        output_field=models.CharField(max_length=511),
                    ),
                ),
                (
                    "search_text",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower(
                            profiles.models.profile.Joined(
                                models.Value(" "),
                                models.F("distinct_id"),
                                models.Value(" "),
                                models.F("name"),
                                models.Value(" "),
                                models.F("first_name"),
                                models.Value(" "),
                                models.F("last_name"),
                                models.Value(" "),
                                models.F("email"),
                                models.Value(" "),
                                models.F("phone"),
                            )
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                ("channels", models.JSONField(blank=True, default=profiles.models.profile.nothing)),
                ("custom", models.JSONField(blank=True, default=profiles.models.profile.nothing)),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), blank=True, default=list, size=None
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), blank=True, default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField(blank=True, null=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="profiles",
                        to="profiles.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("viewer", "Viewer"), ("editor", "Editor"), ("admin", "Admin")],
                        default="viewer",
                        max_length=6,
                    ),
                ),
                (
                    "preferences",
                    models.JSONField(blank=True, default=profiles.models.workspace.no_preferences),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="profiles.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DeletionReceipt",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(default="", max_length=150)),
                ("door", models.CharField(max_length=32)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("count", models.PositiveIntegerField()),
                ("filter", models.TextField(blank=True, default="")),
                ("ids_hash", models.CharField(max_length=64)),
                (
                    "operator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deletion_receipts",
                        to="profiles.workspace",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("actor", models.CharField(default="", max_length=150)),
                ("verb", models.CharField(max_length=64)),
                ("subject", models.CharField(default="", max_length=1200)),
                ("details", models.JSONField(default=profiles.models.audit.no_details)),
                (
                    "operator",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="audit_entries",
                        to="profiles.workspace",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "audit entries",
            },
        ),
        migrations.CreateModel(
            name="Identifier",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("source", models.CharField(blank=True, default="", max_length=60)),
                ("type", models.CharField(blank=True, default="", max_length=40)),
                ("kind", models.CharField(default="distinct_id", max_length=60)),
                ("value", models.CharField(max_length=1024)),
                ("created_at", models.DateTimeField()),
                (
                    "profile",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="identifiers",
                        to="profiles.profile",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Lower("value"), name="gin_trgm_ops"
                        ),
                        name="identifier_search",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("value", ""), _negated=True), models.Q(("kind", ""), _negated=True)
                        ),
                        name="identifier_given",
                        violation_error_message="An identifier needs a kind and a value.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProfileChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                (
                    "deed",
                    models.CharField(choices=[("created", "Created"), ("updated", "Updated")], max_length=16),
                ),
                ("door", models.CharField(max_length=32)),
                ("actor", models.CharField(default="", max_length=150)),
                ("old", models.JSONField(default=dict)),
                ("new", models.JSONField(default=dict)),
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
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="changes",
                        to="profiles.profile",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        models.F("profile"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="change_of_profile",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                (
                    "colour",
                    models.CharField(
                        choices=[
                            ("blue", "Blue"),
                            ("azure", "Azure"),
                            ("indigo", "Indigo"),
                            ("purple", "Purple"),
                            ("pink", "Pink"),
                            ("red", "Red"),
                            ("orange", "Orange"),
                            ("yellow", "Yellow"),
                            ("lime", "Lime"),
                            ("green", "Green"),
                            ("teal", "Teal"),
                            ("cyan", "Cyan"),
                        ],
                        default="blue",
                        max_length=8,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tag_registry",
                        to="profiles.workspace",
                    ),
                ),
            ],
            options={
                "ordering": [django.db.models.functions.text.Lower("name"), "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("workspace"),
                        django.db.models.functions.text.Lower("name"),
                        name="tag_once_per_workspace",
                        violation_error_message="This tag exists already (upper and lower case count as the same).",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PropertyDefinition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("default", "Default"), ("channel", "Channel"), ("custom", "Custom")],
                        default="custom",
                        max_length=7,
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                ("label", models.CharField(max_length=120)),
                ("description", models.CharField(blank=True, default="", max_length=500)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("text", "Text"),
                            ("number", "Number"),
                            ("integer", "Whole number"),
                            ("boolean", "Yes or no"),
                            ("date", "Date"),
                            ("datetime", "Date and time"),
                            ("choice", "Choice"),
                            ("text_list", "List of texts"),
                            ("number_list", "List of numbers"),
                            ("geo", "Place on the map"),
                            ("email", "E-mail"),
                            ("phone", "Phone"),
                            ("url", "Web address"),
                            ("country", "Country"),
                            ("language", "Language"),
                            ("timezone", "Time zone"),
                            ("tokens", "Push tokens"),
                        ],
                        default="text",
                        max_length=11,
                    ),
                ),
                (
                    "min_length",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="shortest text"),
                ),
                (
                    "max_length",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="longest text"),
                ),
                ("minimum", models.FloatField(blank=True, null=True, verbose_name="smallest value")),
                ("maximum", models.FloatField(blank=True, null=True, verbose_name="largest value")),
                ("pattern", models.CharField(blank=True, default="", max_length=500)),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=255), blank=True, default=list, size=None
                    ),
                ),
                (
                    "max_elements",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="most elements"),
                ),
                ("required", models.BooleanField(default=False)),
                ("starred", models.BooleanField(default=False)),
                ("indexed", models.BooleanField(default=False)),
                (
                    "index_state",
                    models.CharField(
                        choices=[
                            ("none", "Not indexed"),
                            ("queued", "Waiting for the worker"),
                            ("building", "Being built"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                        ],
                        default="none",
                        editable=False,
                        max_length=8,
                    ),
                ),
                ("index_error", models.TextField(blank=True, default="", editable=False)),
                ("position", models.PositiveIntegerField(default=0)),
                ("archived_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="property_definitions",
                        to="profiles.workspace",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "kind", "key"),
                        name="property_once_per_workspace",
                        violation_error_message="A property with this key exists already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        name="property_key_given",
                        violation_error_message="A property needs a key.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                [
                                    "text",
                                    "number",
                                    "integer",
                                    "boolean",
                                    "date",
                                    "datetime",
                                    "choice",
                                    "text_list",
                                    "number_list",
                                    "geo",
                                    "email",
                                    "phone",
                                    "url",
                                    "country",
                                    "language",
                                    "timezone",
                                    "tokens",
                                ],
                            )
                        ),
                        name="property_type_known",
                        violation_error_message="This type of property does not exist.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("min_length", None),
                            ("max_length", None),
                            ("min_length__lte", models.F("max_length")),
                            _connector="OR",
                        ),
                        name="property_lengths_in_order",
                        violation_error_message="The shortest text may not be longer than the longest.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum", None),
                            ("maximum", None),
                            ("minimum__lte", models.F("maximum")),
                            _connector="OR",
                        ),
                        name="property_range_in_order",
                        violation_error_message="The smallest value may not be above the largest.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="profile",
            index=models.Index(
                models.F("workspace"),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="profile_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="profile",
            index=models.Index(
                models.F("workspace"),
                models.F("country"),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="profile_country",
            ),
        ),
        migrations.AddIndex(
            model_name="profile",
            index=models.Index(
                models.F("workspace"), django.db.models.functions.text.Lower("email"), name="profile_email"
            ),
        ),
        migrations.AddIndex(
            model_name="profile",
            index=models.Index(
                models.F("workspace"),
                models.OrderBy(models.F("updated_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                name="profile_updated",
            ),
        ),
        migrations.AddIndex(
            model_name="profile",
            index=django.contrib.postgres.indexes.GinIndex(
                models.F("country"),
                models.F("tags"),
                django.contrib.postgres.indexes.OpClass(models.F("custom"), name="jsonb_path_ops"),
                name="profile_facets",
            ),
        ),
        migrations.AddIndex(
            model_name="profile",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(models.F("search_text"), name="gin_trgm_ops"),
                name="profile_search",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("distinct_id", ""), _negated=True),
                name="profile_distinct_id_given",
                violation_error_message="A profile needs a distinct ID.",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("environment__in", ["live", "test"])),
                name="profile_environment_known",
                violation_error_message="The environment is live or test.",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["active", "disabled"])),
                name="profile_status_known",
                violation_error_message="The status is active or disabled.",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    django.db.models.lookups.Exact(
                        models.Func(models.F("custom"), function="jsonb_typeof"), models.Value("object")
                    ),
                    django.db.models.lookups.Exact(
                        models.Func(models.F("channels"), function="jsonb_typeof"), models.Value("object")
                    ),
                ),
                name="profile_properties_are_objects",
                violation_error_message="Custom properties and channels are objects of key and value.",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(("tags__len__lte", 100)),
                name="profile_at_most_100_tags",
                violation_error_message="A profile has at most 100 tags.",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                fields=("workspace", "operator"),
                name="member_once_per_workspace",
                violation_error_message="This operator is a member of the workspace already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["viewer", "editor", "admin"])),
                name="member_role_known",
                violation_error_message="The role is viewer, editor or admin.",
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                models.F("workspace"), models.OrderBy(models.F("id"), descending=True), name="audit_newest"
            ),
        ),
    ]
