"""Exports: any number of profiles, as a file."""

from django.http import HttpResponse

from profiles.exports import Wanted, all_paths, export_columns
from profiles.models import Scope
from profiles.operations.exports import start_export

from .api import About, Sample, operation
from .bodies import body_of
from .filtering import select_filtered
from .job_shapes import ExportIn, JobOut
from .jobs import accepted
from .protocol import OwnRequest


@operation(
    "POST",
    "/exports",
    About(
        scope=Scope.READ,
        tag="Exports",
        summary="Export profiles",
        answers={202: JobOut},
        sample=Sample(
            "/exports",
            body={
                "filter": "country=DE",
                "format": "csv",
                "columns": ["email", "custom.plan"],
                "compressed": True,
            },
        ),
        body=ExportIn,
    ),
)
def export(request: OwnRequest) -> HttpResponse:
    """A job writes the file. Once it is done, its `file` is where the file can be had for a week."""
    call = request.call
    body = body_of(request, ExportIn)
    columns = body.columns
    if columns is None:
        columns = all_paths(export_columns(call.workspace))
    wanted = Wanted(body.format, columns, is_guarded=body.guarded, is_compressed=body.compressed)
    selection = select_filtered(call, body.filter)
    return accepted(start_export(selection, wanted, actor=call.key, at_once=False))
