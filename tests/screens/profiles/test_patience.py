"""A listing that cannot be had in time: here because somebody holds the table."""

import psycopg
import pytest
from django.db import connection
from django.test import Client

from profiles.models import Profile
from profiles.screens.profiles import listing


@pytest.mark.django_db(transaction=True)
def test_a_filter_that_takes_too_long_says_so(
    editor_client: Client, alice: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PATIENCE", 0.2)
    parameters = connection.get_connection_params()
    known = {
        key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if key in parameters
    }
    with psycopg.connect(**known) as other:
        other.execute("LOCK TABLE profiles_profile IN ACCESS EXCLUSIVE MODE")
        answer = editor_client.get("/w/acme/profiles/?q=alice")
        other.rollback()
    assert answer.status_code == 200
    assert "narrow the filter" in answer.content.decode()
    assert "Liddell" not in answer.content.decode()
    assert "Liddell" in editor_client.get("/w/acme/profiles/?q=alice").content.decode()
