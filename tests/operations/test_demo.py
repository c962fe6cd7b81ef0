from datetime import UTC, date, datetime

import pytest
from django.db.models import F

from profiles.errors import Refused
from profiles.models import Profile, Workspace
from profiles.operations.demo import make_demo

UNTIL = date(2026, 11, 1)


def test_it_makes_profiles_with_history_tags_and_dates(db: None) -> None:
    workspace = make_demo("demo", "Demo", count=300, seed=1, until=UNTIL)
    profiles = Profile.objects.filter(workspace=workspace)
    assert profiles.count() == 300
    assert profiles.filter(sources=["demo"], changes__door="demo").distinct().count() == 300
    assert workspace.tag_registry.filter(name="newsletter").exists()
    assert not profiles.filter(created_at__gt=datetime(2026, 11, 1, tzinfo=UTC)).exists()
    assert profiles.filter(created_at__lt=datetime(2026, 1, 1, tzinfo=UTC)).exists()


def test_history_begins_when_the_profile_came_and_some_goes_on(db: None) -> None:
    make_demo("demo", "Demo", count=2000, seed=1, until=UNTIL)
    old = Profile.objects.filter(updated_at__lt=datetime(2026, 11, 1, tzinfo=UTC))
    assert old.filter(updated_at=F("created_at"), changes__at=F("created_at")).count() > 1900
    upgraded = Profile.objects.exclude(pk__in=old.values("pk"))
    assert 0 < upgraded.filter(custom__plan="starter", changes__deed="updated").count() == upgraded.count()


def test_every_property_of_the_demo_is_used(db: None) -> None:
    workspace = make_demo("demo", "Demo", count=1000, seed=1, until=UNTIL)
    defined = workspace.property_definitions.filter(kind="custom").values_list("key", flat=True)
    unused = [key for key in defined if not Profile.objects.filter(custom__has_key=key).exists()]
    assert unused == []


def test_a_workspace_that_exists_is_left_as_it_is(acme: Workspace) -> None:
    with pytest.raises(Refused):
        make_demo("acme", "Demo", count=10, seed=1, until=UNTIL)
    assert not acme.profiles.exists()
