"""What the page of a job shows besides what all jobs have, by its kind."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from profiles.models import Job, JobKind
from profiles.operations.selections import filter_of
from profiles.screens.common import WorkspaceRequest

Facts = Callable[[WorkspaceRequest, Job], dict[str, Any]]


def whom(request: WorkspaceRequest, job: Job) -> dict[str, Any]:
    """Whom a selection means, in words: the parts of its filter, and what was ticked one by one."""
    selection = job.selection
    if not selection:
        return {}
    parts = filter_of(selection).parts
    return {
        "selection": selection,
        "conditions": [part.label for part in parts],
        "ticked": 0 if selection.is_everything else len(selection.ids),
        "exceptions": len(selection.exceptions),
    }


FACTS: Final[Mapping[str, Facts]] = {
    JobKind.CHANGE: whom,
    JobKind.ERASE: whom,
    JobKind.EXPORT: whom,
}
"""For kinds whose template asks for more than the job; called at each look, so they are quick."""
