import pytest
from django.core.management import CommandError, call_command

from profiles.models import Workspace


def test_it_makes_the_workspace_and_says_so(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("make_demo", "trial", count=50)
    assert Workspace.objects.get(slug="trial").profiles.count() == 50
    assert capsys.readouterr().out == "Created the workspace trial with 50 made-up profiles.\n"


def test_a_workspace_that_exists_is_an_error_in_words(acme: Workspace) -> None:
    with pytest.raises(CommandError, match="already exists"):
        call_command("make_demo", "acme", count=50)
    assert not acme.profiles.exists()
