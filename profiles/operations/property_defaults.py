"""The properties that every workspace starts with."""

from collections.abc import Iterator

from django.db import transaction

from profiles.models import PropertyDefinition, PropertyKind, PropertyType, Workspace

_DEFAULTS = (
    ("distinct_id", "Distinct ID", PropertyType.TEXT),
    ("first_name", "First name", PropertyType.TEXT),
    ("last_name", "Last name", PropertyType.TEXT),
    ("name", "Name", PropertyType.TEXT),
    ("email", "E-mail", PropertyType.EMAIL),
    ("phone", "Phone", PropertyType.PHONE),
    ("gender", "Gender", PropertyType.TEXT),
    ("birthday", "Birthday", PropertyType.DATE),
    ("country", "Country", PropertyType.COUNTRY),
    ("city", "City", PropertyType.TEXT),
    ("language", "Language", PropertyType.LANGUAGE),
    ("timezone", "Time zone", PropertyType.TIMEZONE),
    ("avatar_url", "Picture", PropertyType.URL),
    ("title", "Title", PropertyType.TEXT),
)
_CHANNELS = (
    ("sms", "SMS", PropertyType.PHONE),
    ("whatsapp", "WhatsApp", PropertyType.PHONE),
    ("voice", "Voice", PropertyType.PHONE),
    ("slack", "Slack", PropertyType.TEXT),
    ("discord", "Discord", PropertyType.TEXT),
    ("teams", "Teams", PropertyType.TEXT),
    ("push", "Push", PropertyType.TOKENS),
    ("inapp", "In-app", PropertyType.TOKENS),
    ("webpush", "Web push", PropertyType.TOKENS),
)
_RULES: dict[str, dict[str, object]] = {
    "distinct_id": {"starred": True},
    "email": {"starred": True},
    "phone": {"starred": True},
    "name": {"min_length": 3, "description": "What to call the person, if not first and last name."},
}


@transaction.atomic
def seed_definitions(workspace: Workspace) -> None:
    """The default properties and channels of contracts 8.1; those that exist stay as they are."""
    PropertyDefinition.objects.bulk_create(_starting_definitions(workspace), ignore_conflicts=True)
    workspace.schema_has_changed()


def _starting_definitions(workspace: Workspace) -> Iterator[PropertyDefinition]:
    for kind, properties in ((PropertyKind.DEFAULT, _DEFAULTS), (PropertyKind.CHANNEL, _CHANNELS)):
        for position, (key, label, type) in enumerate(properties):
            yield PropertyDefinition(
                workspace=workspace,
                kind=kind,
                key=key,
                label=label,
                type=type,
                position=position,
                **(_RULES.get(key, {}) if kind == PropertyKind.DEFAULT else {}),
            )
