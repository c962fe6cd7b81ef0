"""A time limit on queries."""

import pytest
from django.db import DatabaseError, connection

from profiles.queries.patience import TookTooLong, patience

pytestmark = pytest.mark.django_db(transaction=True)


def sleep(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])


def test_what_takes_too_long_is_stopped_and_the_connection_goes_on() -> None:
    with pytest.raises(TookTooLong), patience(0.05):
        sleep(30)
    sleep(0.1)


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(DatabaseError, match="nowhere"), patience(5), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM nowhere")
