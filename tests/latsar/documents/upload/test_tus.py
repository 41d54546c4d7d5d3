"""The protocol as a client speaks it: where a line breaks, what a stranger gets, what is too much."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from latsar.documents.upload import services
from latsar.documents.upload.sessions import UploadSession
from latsar.documents.upload.tickets import write_ticket

CONTENT = bytes(range(256)) * 2048  # 512 KiB
PIECE = services.PIECE_BYTES


@pytest.fixture
def owner(cast):
    return cast.admin_kupang


@pytest.fixture
def client(owner, sign_in) -> Client:
    return sign_in(owner)


def begin(client: Client, owner, *, length: int = len(CONTENT), limit: int = 10 * 1024**2, target: str = "uji:1", **extra: str):
    return client.post(reverse("upload_start"), **begin_headers(owner, length=length, limit=limit, target=target), **extra)


def begin_headers(owner, *, length: int | str, limit: int = 10 * 1024**2, target: str = "uji:1", version: str = "1.0.0") -> dict[str, str]:
    ticket = write_ticket(user=owner, target=target, limit=limit)
    facts = {"filename": "SK CPNS.pdf", "ticket": ticket}
    metadata = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in facts.items())
    return {"HTTP_TUS_RESUMABLE": version, "HTTP_UPLOAD_LENGTH": str(length), "HTTP_UPLOAD_METADATA": metadata}


def patch(
    client: Client, where: str, offset: int | str, piece: bytes, *, kind: str = "application/offset+octet-stream", version: str = "1.0.0"
):
    return client.patch(where, piece, content_type=kind, HTTP_TUS_RESUMABLE=version, HTTP_UPLOAD_OFFSET=str(offset))


def head(client: Client, where: str):
    return client.head(where, HTTP_TUS_RESUMABLE="1.0.0")


@pytest.fixture
def where(client, owner) -> str:
    return begin(client, owner).headers["Location"]


def test_upload_start_answers_with_address_version_and_expiry(client, owner):
    answer = begin(client, owner)
    assert answer.status_code == 201
    session = UploadSession.objects.get()
    assert answer.headers["Location"] == reverse("upload_part", args=[session.token])
    assert (answer.headers["Tus-Resumable"], answer.headers["Upload-Offset"]) == ("1.0.0", "0")
    assert answer.headers["Upload-Expires"].endswith("GMT")
    assert (session.user, session.target, session.name, session.length) == (owner, "uji:1", "SK CPNS.pdf", len(CONTENT))


def test_options_name_what_is_spoken(client):
    answer = client.options(reverse("upload_start"))
    assert answer.status_code == 204
    assert (answer.headers["Tus-Version"], answer.headers["Tus-Extension"]) == ("1.0.0", "creation,expiration,termination")


def test_pieces_in_order_make_the_same_bytes(client, owner, where):
    first = patch(client, where, 0, CONTENT[:PIECE])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(PIECE))
    seen = head(client, where)
    assert (seen.status_code, seen.headers["Upload-Offset"], seen.headers["Upload-Length"]) == (200, str(PIECE), str(len(CONTENT)))
    assert seen.headers["Cache-Control"] == "no-store"
    token = where.strip("/").split("/")[-1]
    assert services.finished_upload(token=token, target="uji:1", by=owner) is None
    assert patch(client, where, PIECE, CONTENT[PIECE:]).status_code == 204
    assert services.finished_upload(token=token, target="uji:1", by=owner).content == CONTENT


@pytest.mark.parametrize("offset", [1, PIECE, len(CONTENT) + 1])
def test_piece_at_another_offset_conflicts_and_changes_nothing(client, where, offset):
    assert patch(client, where, offset, b"x").status_code == 409
    assert head(client, where).headers["Upload-Offset"] == "0"
    assert patch(client, where, 0, b"x").status_code == 204


def test_piece_sent_twice_is_stored_once(client, owner, where):
    assert patch(client, where, 0, CONTENT[:PIECE]).status_code == 204
    assert patch(client, where, 0, CONTENT[:PIECE]).status_code == 409
    assert patch(client, where, PIECE, CONTENT[PIECE:]).status_code == 204
    token = where.strip("/").split("/")[-1]
    assert services.finished_upload(token=token, target="uji:1", by=owner).content == CONTENT


def test_bytes_left_by_a_crash_between_file_and_row_are_cut_off(client, owner, where):
    patch(client, where, 0, CONTENT[:PIECE])
    path = Path(default_storage.path(UploadSession.objects.get().part_name))
    path.write_bytes(path.read_bytes() + b"left over by a killed process")
    patch(client, where, PIECE, CONTENT[PIECE:])
    token = where.strip("/").split("/")[-1]
    assert services.finished_upload(token=token, target="uji:1", by=owner).content == CONTENT


def test_piece_beyond_the_length_is_refused(client, owner):
    small = begin(client, owner, length=10).headers["Location"]
    assert patch(client, small, 0, b"x" * 11).status_code == 413
    assert patch(client, small, 0, b"x" * 10).status_code == 204


def test_piece_larger_than_a_piece_is_refused(client, owner):
    place = begin(client, owner, length=3 * 1024**2).headers["Location"]
    assert patch(client, place, 0, bytes(services.MAX_PIECE_BYTES + 1)).status_code == 413
    assert patch(client, place, 0, bytes(services.MAX_PIECE_BYTES)).status_code == 204


def test_upload_start_over_the_limit_of_the_ticket_is_refused(client, owner):
    assert begin(client, owner, length=101, limit=100).status_code == 413
    assert begin(client, owner, length=100, limit=100).status_code == 201


@pytest.mark.parametrize("length", ["0", "-1", "", "1.5", "9" * 13, "\u0661"])
def test_upload_start_with_a_wrong_length_is_refused(client, owner, length):
    headers = begin_headers(owner, length=length.encode("ascii", "replace").decode())
    assert client.post(reverse("upload_start"), **headers).status_code == 400


@pytest.mark.parametrize("metadata", ["", "ticket !!!", "ticket", "ticket dW5zaWduZWQ=", "filename YQ=="])
def test_upload_start_without_a_ticket_is_refused(client, owner, metadata):
    headers = {**begin_headers(owner, length=5), "HTTP_UPLOAD_METADATA": metadata}
    assert client.post(reverse("upload_start"), **headers).status_code == 400
    assert not UploadSession.objects.exists()


def test_upload_start_with_the_ticket_of_somebody_else_is_refused(cast, client):
    assert begin(client, cast.admin_ende).status_code == 400
    assert begin(client, cast.admin_kupang).status_code == 201


@pytest.mark.parametrize("version", ["", "0.2.2", "2.0.0"])
def test_other_versions_are_told_ours(client, owner, where, version):
    answers = [
        client.post(reverse("upload_start"), **begin_headers(owner, length=5, version=version)),
        patch(client, where, 0, b"x", version=version),
    ]
    assert [(answer.status_code, answer.headers["Tus-Version"]) for answer in answers] == [(412, "1.0.0")] * 2


def test_piece_of_another_content_type_is_refused(client, where):
    assert patch(client, where, 0, b"x", kind="text/plain").status_code == 415
    assert patch(client, where, "x", b"x").status_code == 400


def test_foreign_upload_is_not_there(cast, owner, where, sign_in):
    stranger = sign_in(cast.pksdm)
    answers = [head(stranger, where), patch(stranger, where, 0, b"x"), stranger.delete(where, HTTP_TUS_RESUMABLE="1.0.0")]
    assert [answer.status_code for answer in answers] == [404] * 3
    token = where.strip("/").split("/")[-1]
    patch(sign_in(owner), where, 0, CONTENT[:PIECE])
    patch(sign_in(owner), where, PIECE, CONTENT[PIECE:])
    assert services.finished_upload(token=token, target="uji:1", by=cast.pksdm) is None
    assert services.finished_upload(token=token, target="uji:1", by=owner) is not None


def test_finished_upload_serves_its_own_target_only(client, owner):
    place = begin(client, owner, length=3, target="uji:1").headers["Location"]
    patch(client, place, 0, b"abc")
    token = place.strip("/").split("/")[-1]
    assert services.finished_upload(token=token, target="uji:2", by=owner) is None
    assert services.finished_upload(token=token, target="uji:1", by=owner).content == b"abc"


def test_expired_upload_is_gone_and_swept_with_its_bytes(client, where):
    patch(client, where, 0, CONTENT[:PIECE])
    session = UploadSession.objects.get()
    path = Path(default_storage.path(session.part_name))
    assert (services.sweep_uploads(), path.exists()) == (0, True)
    UploadSession.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert [head(client, where).status_code, patch(client, where, PIECE, b"x").status_code] == [410, 410]
    assert (services.sweep_uploads(), path.exists(), UploadSession.objects.exists()) == (1, False, False)
    assert services.sweep_uploads() == 0


def test_delete_throws_the_bytes_away(client, where, django_capture_on_commit_callbacks):
    patch(client, where, 0, CONTENT[:PIECE])
    path = Path(default_storage.path(UploadSession.objects.get().part_name))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.delete(where, HTTP_TUS_RESUMABLE="1.0.0").status_code == 204
    assert (path.exists(), head(client, where).status_code) == (False, 404)


def test_upload_start_stops_at_so_many_open_ones(client, owner, monkeypatch):
    monkeypatch.setattr(services, "MAX_OPEN", 2)
    assert [begin(client, owner, length=5).status_code for _n in range(3)] == [201, 201, 429]


def test_uploads_need_the_csrf_token(owner):
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert guarded.post(reverse("upload_start"), **begin_headers(owner, length=5)).status_code == 403
    assert not UploadSession.objects.exists()


@pytest.mark.parametrize("wrong", [{"length": 0}, {"length": 11}, {"offset": 6}])
def test_database_keeps_length_and_offset_in_order(owner, wrong):
    good = {"token": "t", "user": owner, "target": "x", "name": "x", "length": 5, "limit": 10}
    with pytest.raises(IntegrityError), transaction.atomic():
        UploadSession.objects.create(**good | wrong)
    UploadSession.objects.create(**good)
