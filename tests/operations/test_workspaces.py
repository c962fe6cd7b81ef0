import pytest

from profiles.errors import Refused
from profiles.models import AuditEntry, Operator, Workspace
from profiles.operations.workspaces import create_workspace


def test_a_new_workspace_has_the_default_properties_and_an_audit_entry(admin: Operator) -> None:
    workspace = create_workspace("initech", "Initech Ltd", actor=admin)
    assert workspace.property_definitions.filter(key="email", starred=True).exists()
    entry = AuditEntry.objects.get(workspace=workspace)
    assert (entry.verb, entry.subject, entry.operator) == ("create_workspace", "initech", admin)


def test_without_a_name_it_is_called_by_its_slug(db: None) -> None:
    assert create_workspace("initech", "").name == "initech"


def test_a_slug_that_is_taken_is_refused(acme: Workspace) -> None:
    with pytest.raises(Refused, match="already exists"):
        create_workspace("acme", "Another")
    assert Workspace.objects.filter(slug="acme").count() == 1


@pytest.mark.parametrize("slug", ["", "Acme", "two words", "-acme", "a/b", "x" * 51, "ümlaut"])
def test_a_slug_that_does_not_fit_an_address_is_refused(db: None, slug: str) -> None:
    with pytest.raises(Refused):
        create_workspace(slug, "A name")
    assert not Workspace.objects.exists()
