"""A request's file, written to where it is kept as it arrives: never in memory, never copied."""

from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from profiles.errors import Refused
from profiles.operations.uploads import Upload

FIELD: Final = "file"
# What a form adds to its file, generously.
_ENVELOPE: Final = 2**14


class Receiving(FileUploadHandler):
    """Takes one file, of the field FIELD, as `upload`; `problem` says why it was not taken.

    As a context manager, it leaves nothing behind that was not kept. A file that is refused is read to its
    end and thrown away, since a browser shows no answer before it has sent everything.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.upload: Upload | None = None
        self.problem = ""
        self._expected: int | None = None

    def __enter__(self) -> "Receiving":
        return self

    def __exit__(self, *error: object) -> None:
        if self.upload:
            self.upload.discard()

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self._expected = max(content_length - _ENVELOPE, 0)

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, file_name, *args, **kwargs)
        if field_name != FIELD or self.upload or self.problem:
            raise SkipFile
        try:
            self.upload = Upload(file_name, expected=self._expected)
        except Refused as refusal:
            self._give_up(refusal)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self.upload
        try:
            self.upload.write(raw_data)
        except Refused as refusal:
            self._give_up(refusal)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        """It is not among request.FILES: it is `upload`."""
        return None

    def _give_up(self, refusal: Refused) -> None:
        self.problem = str(refusal)
        if self.upload:
            self.upload.discard()
        raise SkipFile
