"""The people of the tests: two workspaces, their operators, and alice, who is a profile of one of them."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from profiles.models import Door, Member, Operator, Profile, Role, Workspace
from profiles.operations.properties import seed_definitions
from profiles.operations.write import ProfileRow, write_profiles

Make = Callable[..., Profile]


def make_workspace(slug: str) -> Workspace:
    workspace = Workspace.objects.create(slug=slug, name=slug.title())
    seed_definitions(workspace)
    return workspace


def make_member(workspace: Workspace, name: str, role: Role) -> Operator:
    operator = Operator.objects.create(username=name)
    Member.objects.create(workspace=workspace, operator=operator, role=role)
    return operator


def signed_in(operator: Operator) -> Client:
    client = Client()
    client.force_login(operator)
    return client


@pytest.fixture(scope="session", autouse=True)
def unhashed_static_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Templates name static files that nobody has collected; what others collect is not looked at."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES=settings.STORAGES | {"staticfiles": plain}, STATIC_ROOT=tmp_path_factory.mktemp("static")
    ):
        yield


@pytest.fixture
def acme(db: None) -> Workspace:
    return make_workspace("acme")


@pytest.fixture
def globex(db: None) -> Workspace:
    return make_workspace("globex")


@pytest.fixture
def admin(acme: Workspace) -> Operator:
    return make_member(acme, "admin", Role.ADMIN)


@pytest.fixture
def editor(acme: Workspace) -> Operator:
    return make_member(acme, "editor", Role.EDITOR)


@pytest.fixture
def viewer(acme: Workspace) -> Operator:
    return make_member(acme, "viewer", Role.VIEWER)


@pytest.fixture
def outsider(globex: Workspace) -> Operator:
    """An admin, but of another workspace."""
    return make_member(globex, "outsider", Role.ADMIN)


@pytest.fixture
def admin_client(admin: Operator) -> Client:
    return signed_in(admin)


@pytest.fixture
def editor_client(editor: Operator) -> Client:
    return signed_in(editor)


@pytest.fixture
def viewer_client(viewer: Operator) -> Client:
    return signed_in(viewer)


@pytest.fixture
def outsider_client(outsider: Operator) -> Client:
    return signed_in(outsider)


@pytest.fixture
def no_worker(db: None) -> None:
    """Nor one that was killed in another test a moment ago, and is taken to live still."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")


@pytest.fixture
def make_profile(acme: Workspace) -> Make:
    """Write a profile through the one way in: `make_profile("bob", email="b@example.com", workspace=acme)`.

    Keywords are paths, with `__` for the dot: `custom__plan="pro"`.
    """

    def make(
        distinct_id: str, *, workspace: Workspace = acme, environment: str = "live", **values: object
    ) -> Profile:
        row = ProfileRow(
            distinct_id=distinct_id,
            environment=environment,
            values={key.replace("__", ".", 1): value for key, value in values.items()},
        )
        (outcome,) = write_profiles(workspace, [row], mode="upsert", source=Door.CONSOLE, actor=None)
        assert not outcome.reasons
        return Profile.objects.get(pk=outcome.id)

    return make


@pytest.fixture
def alice(make_profile: Make) -> Profile:
    return make_profile(
        "alice",
        first_name="Alice",
        last_name="Liddell",
        email="alice@example.com",
        phone="+4915112345678",
        country="GB",
        tags=["vip"],
        custom__plan="pro",
    )
