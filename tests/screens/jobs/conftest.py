"""Jobs in every state, as the rows that they are: what brings them there is tested with the operations."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from profiles.models import Job, JobState, Operator, Workspace

MakeJob = Callable[..., Job]


@pytest.fixture
def make_job(acme: Workspace) -> MakeJob:
    def make(operator: Operator, *, workspace: Workspace = acme, **facts: object) -> Job:
        now = timezone.now()
        values: dict[str, object] = {
            "kind": "change",
            "verb": "tag",
            "state": JobState.RUNNING,
            "subject": "Country: Germany",
            "queued_at": now,
            "actor": operator.username,
        }
        return Job.objects.create(workspace=workspace, operator=operator, **(values | facts))

    return make
