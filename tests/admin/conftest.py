"""A superuser, for whom alone the admin is."""

import pytest
from django.test import Client

from profiles.models import Operator


@pytest.fixture
def superuser(db: None) -> Operator:
    return Operator.objects.create_superuser("root")


@pytest.fixture
def root(superuser: Operator) -> Client:
    client = Client()
    client.force_login(superuser)
    return client
