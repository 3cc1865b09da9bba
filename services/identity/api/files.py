"""Taking the uploaded files of an import in hand."""

from collections.abc import Mapping

from services.identity import errors
from services.identity.importing import Reading, read_rows
from services.identity.importing.reading import MAX_BYTES
from shared.offload import offload
from shared.web import Upload


def read_files(files: Mapping[str, Upload]) -> Reading:
    """What all files of a form say together; Problem 422 when there is none."""
    if not files:
        raise errors.no_import_file()
    reading = Reading()
    for upload in files.values():
        # One byte more than is allowed tells that there is more, whatever its length.
        reading += offload(read_rows, upload.name, upload.stream.read(MAX_BYTES + 1))
    return reading
