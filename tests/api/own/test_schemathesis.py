"""What the OpenAPI document promises is kept: no 500, no answer that it does not name, no other shape."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from profiles.models import Profile

from ..conftest import MakeKey


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_it_keeps_what_it_promises(mode: GenerationMode, make_key: MakeKey, alice: Profile) -> None:
    _, secret = make_key()
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for found in schema.get_all_operations():
        _try(found.ok(), mode, secret)


def _try(operation: APIOperation, mode: GenerationMode, secret: str) -> None:
    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Case) -> None:
        case.call_and_validate(
            headers={"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"},
            excluded_checks=[negative_data_rejection, positive_data_acceptance],
        )

    check()
