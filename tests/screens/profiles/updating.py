"""The form of a profile, as it is opened and sent."""

from typing import Any

from django.test import Client

from profiles.models import Profile, PropertyDefinition, Workspace
from tests.browser_forms import PostedForm, form_of


def opened(client: Client, profile: Profile) -> PostedForm:
    page = client.get(f"/w/{profile.workspace.slug}/profiles/{profile.pk}/")
    return form_of(page.content.decode(), "/update/")


def posted(client: Client, form: PostedForm, **typed: str) -> Any:
    """Post the form with some fields changed; `__` in a keyword stands for the dot of a path."""
    changed = {key.replace("__", ".", 1): text for key, text in typed.items()}
    return client.post(form.action, form.fields | changed)


def now(profile: Profile) -> Profile:
    return Profile.objects.get(pk=profile.pk)


def define(workspace: Workspace, key: str, type: str, **rules: Any) -> None:
    PropertyDefinition.objects.create(workspace=workspace, key=key, label=key.title(), type=type, **rules)
    workspace.schema_has_changed()
