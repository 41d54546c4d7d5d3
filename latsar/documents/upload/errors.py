"""What the upload protocol answers when it says no; `status` is the HTTP status of tus 1.0."""

from __future__ import annotations


class UploadProblem(Exception):
    status = 400


class BadRequest(UploadProblem):
    """The request is not tus 1.0 as we speak it."""


class Gone(UploadProblem):
    """The upload has expired."""

    status = 410


class OffsetConflict(UploadProblem):
    """The piece does not begin where the stored bytes end."""

    status = 409


class TooLarge(UploadProblem):
    """The file, or a piece of it, is larger than allowed."""

    status = 413


class TooMany(UploadProblem):
    """Too many unfinished uploads of one person."""

    status = 429


class StorageFull(UploadProblem):
    """The piece could not be written."""

    status = 507
