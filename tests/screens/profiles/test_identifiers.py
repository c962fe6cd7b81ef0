"""The head of a profile's page shows what other products call it."""

import re

from django.test import Client

from profiles.models import Door, Operator, Profile, Workspace
from profiles.operations.write import NewIdentifier, ProfileRow, write_profiles


def text_of(client: Client, profile: Profile) -> str:
    page = client.get(f"/w/acme/profiles/{profile.pk}/").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace(" ,", ",")


def test_identifiers_stand_by_source_and_type(
    viewer_client: Client, acme: Workspace, alice: Profile, viewer: Operator
) -> None:
    names = [
        NewIdentifier("jdoe@example.com", "email", "coolbikes", "rider"),
        NewIdentifier("7", "loyalty", "shop", "buyer"),
        NewIdentifier("@<b>j", "twitter", "coolbikes", "rider"),
        NewIdentifier("al"),
    ]
    row = ProfileRow("alice", identifiers=names)
    write_profiles(acme, [row], mode="update", source=Door.ZENDESK, actor=viewer)
    text = text_of(viewer_client, alice)
    assert "Also known as al " in text
    assert "Identifiers of coolbikes · rider email jdoe@example.com, twitter @&lt;b&gt;j " in text
    assert "Identifiers of shop · buyer loyalty 7 " in text


def test_without_identifiers_nothing_is_said_of_them(viewer_client: Client, alice: Profile) -> None:
    text = text_of(viewer_client, alice)
    assert "Also known as" not in text
    assert "Identifiers of" not in text
