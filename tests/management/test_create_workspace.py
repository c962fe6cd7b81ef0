import pytest
from django.core.management import CommandError, call_command

from profiles.models import Workspace


def test_it_creates_a_workspace(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_workspace", "initech", name="Initech Ltd")
    assert Workspace.objects.get(slug="initech").name == "Initech Ltd"
    assert capsys.readouterr().out == "Created the workspace initech (“Initech Ltd”).\n"


def test_a_second_time_it_says_so_and_changes_nothing(
    acme: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("create_workspace", "acme", name="Other")
    assert "nothing was changed" in capsys.readouterr().out
    assert Workspace.objects.get(slug="acme").name == "Acme"


def test_an_unfit_slug_is_an_error_in_words(db: None) -> None:
    with pytest.raises(CommandError, match="small letters"):
        call_command("create_workspace", "Two Words")
