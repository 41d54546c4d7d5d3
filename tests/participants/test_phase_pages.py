"""Who is in which phase: the page, progress from files, and PKTBT as the satker reports it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from aktualisasi.demo.sample_pdf import sample_rancangan
from latsar.accounts.errors import NotAllowed, Refused, StaleVersion
from latsar.accounts.models import AuditEntry
from latsar.notices.enums import Audience
from latsar.notices.reminders import Asked, reminders
from latsar.reports.writers import Column, write_xlsx
from latsar.training.enums import PhaseKind
from latsar.training.models import BatchPhase
from participants.models import ColumnMapping, PhaseProgress, PktbtActivity, TableUpload
from participants.periodic import discard_stale_previews
from participants.services.pktbt import ActivityFacts, remove_activity, save_activity
from participants.services.progress import mark_progress
from participants.services.table_uploads import save_upload
from tests.participants.trainings import running_batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(cast):
    batch, people = running_batch(cast)
    phase = batch.phases.first()
    today = timezone.localdate()
    phase.starts_on, phase.ends_on = today - timedelta(days=9), today - timedelta(days=1)
    phase.save()
    return batch, people, phase


def upload(client, batch, phase, name, content):
    return client.post(reverse("phase_import", args=[batch.pk, phase.pk]), {"file": SimpleUploadedFile(name, content)})


def xlsx(*rows) -> bytes:
    stream = BytesIO()
    write_xlsx(stream, sheet="Ekspor", columns=[Column(title) for title in rows[0]], rows=rows[1:])
    return stream.getvalue()


def test_page_lists_who_lags_first_filters_marks_and_leaves_as_a_file(cast, running, sign_in):
    batch, (one, two, three), phase = running
    client, url = sign_in(cast.lembaga_a), reverse("phase_board", args=[batch.pk, phase.pk])
    mark_progress(batch_id=batch.pk, phase_id=phase.pk, participant_ids=[one.pk], state="done", by=cast.lembaga_a)
    board = client.get(url).context["board"]
    assert [(row.member.person, row.state, row.is_late) for row in board.rows] == [
        (two, "waiting", True), (three, "waiting", True), (one, "done", False),
    ]  # fmt: skip
    assert [figure.number for figure in board.figures] == [2, 0, 1]
    assert [row.member.person for row in client.get(url, {"kelompok": "1", "keadaan": "waiting"}).context["board"].rows] == [two]
    assert [row.member.person for row in client.get(url, {"q": three.nip}).context["board"].rows] == [three]
    assert client.post(url, {"keadaan": "running"}).status_code == 422
    assert client.post(url, {"orang": [two.pk, three.pk], "keadaan": "running"}).status_code == 302
    book = CalamineWorkbook.from_filelike(BytesIO(client.get(reverse("phase_export", args=[batch.pk, phase.pk])).content))
    assert [row[5] for row in book.get_sheet_by_index(0).to_python()[3:]] == ["Berjalan", "Berjalan", "Selesai"]
    assert sign_in(cast.pimpinan).post(url, {"orang": [two.pk], "keadaan": "done"}).status_code == 404
    assert url in client.get(batch.get_absolute_url()).content.decode()


def test_import_needs_its_columns_remembers_them_and_writes_nothing_before_saving(cast, running, sign_in):
    batch, (one, two, _three), phase = running
    client = sign_in(cast.lembaga_a)
    rows = [
        ("Peserta ke", "Akun", "Capaian modul"),
        ("1", one.nip, "7/10"),
        ("2", two.email.upper(), "10 dari 10"),
        ("3", "asing@contoh.go.id", "x"),
    ]
    answer = upload(client, batch, phase, "ekspor.xlsx", xlsx(*rows))
    assert "Pilih kolom untuk" in client.get(answer.url).content.decode()
    assert client.post(answer.url, {"aksi": "kolom", "nip": "Akun", "email": "Akun", "done": "Capaian modul"}).status_code == 422
    assert client.post(answer.url, {"aksi": "kolom", "nip": "Akun", "done": "Capaian modul"}).status_code == 302
    page = client.get(answer.url)
    assert page.context["counts"] == {"new": 2, "changed": 0, "same": 0, "error": 1}
    assert [len(line.problems) for line, *_face in page.context["rows"]] == [2, 0, 0]
    assert not PhaseProgress.objects.exists()
    assert client.post(answer.url, {"aksi": "simpan"}).status_code == 302
    kept = PhaseProgress.objects.order_by("participant__full_name").values_list("state", "percent", "detail", "source")
    assert list(kept) == [("running", 70, "7 dari 10", "import"), ("done", 100, "10 dari 10", "import")]
    assert ColumnMapping.objects.get().mapping == {"nip": "Akun", "done": "Capaian modul"}
    again = upload(client, batch, phase, "ekspor.xlsx", xlsx(*rows))
    assert client.get(again.url).context["counts"]["same"] == 2
    with pytest.raises(Refused):
        save_upload(upload_id=TableUpload.objects.get(saved_at=None).pk, by=cast.lembaga_a)
    rows[1] = ("1", one.nip, "9/10")
    changed = upload(client, batch, phase, "ekspor.xlsx", xlsx(*rows))
    assert "7 dari 10 → Berjalan, 9 dari 10" in client.get(changed.url).content.decode()
    client.post(changed.url, {"aksi": "simpan"})
    trail = AuditEntry.objects.filter(verb="mark_progress", object_id=str(one.pk)).order_by("-pk").first()
    assert trail.changes == {phase.name: ["running, 7 dari 10", "running, 9 dari 10"]}
    assert TableUpload.objects.exclude(saved_at=None).filter(rows=[]).count() == 2
    assert sign_in(cast.pksdm).get(again.url).status_code == 404


def test_import_reads_shares_scores_certificates_and_names_every_fault(cast, running, sign_in):
    batch, (one, two, _three), phase = running
    client = sign_in(cast.lembaga_a)
    text = f"Nama;Kemajuan;Nilai;Tanggal sertifikat\n{one.full_name};0,5;;\n{two.full_name.upper()};;86,5;\nPeserta C;;;12 Maret 2026\nPeserta C;1;;\nPeserta Z;0,2;tinggi;kemarin\n;;;\n"
    page = client.get(upload(client, batch, phase, "mooc.csv", b"\xef\xbb\xbf" + text.encode()).url)
    assert [(line.text, len(line.problems)) for line, *_face in page.context["rows"]] == [
        ("", 1), ("", 3), ("Berjalan, 50%", 0), ("Berjalan, Nilai 86,5", 0), ("Selesai, Sertifikat 12 Maret 2026", 0),
    ]  # fmt: skip
    many = "NIP,Progress\n" + "".join(f"{n},1\n" for n in range(2100))
    assert upload(client, batch, phase, "mooc.csv", many.encode()).status_code == 422
    assert upload(sign_in(cast.admin_kupang), batch, phase, "mooc.csv", text.encode()).status_code == 404
    TableUpload.objects.update(uploaded_at=timezone.now() - timedelta(days=8))
    discard_stale_previews()
    assert not TableUpload.objects.exists()


def activity(**more) -> ActivityFacts:
    day = timezone.localdate() - timedelta(days=3)
    return ActivityFacts(**{"topic": "Sidalih", "form": "coaching", "starts_on": day, "ends_on": day, "hours": 6, **more})


def test_pktbt_of_the_satker_moves_the_progress_of_the_phase(cast, running, sign_in):
    batch, (one, _two, _three), _phase = running
    today = timezone.localdate()
    phase = BatchPhase.objects.create(
        batch=batch, order=9, kind=PhaseKind.PKTBT, name="PKTBT", starts_on=today, ends_on=today, is_parallel=True
    )
    who = {"participant_id": one.pk, "phase_id": phase.pk, "by": cast.admin_kupang}
    plan = save_activity(facts=activity(), **who)
    save_activity(facts=activity(topic="JDIH", hours=4, done_on=today), **who)
    assert PhaseProgress.objects.values_list("state", "percent", "detail", "source").get() == ("running", 40, "4 dari 10 JP", "satker")
    with pytest.raises(StaleVersion):
        save_activity(facts=activity(), activity_id=plan.pk, version=7, **who)
    with pytest.raises(Refused, match="belum tiba"):
        save_activity(facts=activity(done_on=today + timedelta(days=1)), **who)
    save_activity(facts=activity(done_on=today), activity_id=plan.pk, version=1, **who)
    assert PhaseProgress.objects.get().state == "done"
    for user in (cast.admin_badung, cast.lembaga_a, cast.pimpinan, one.user):
        with pytest.raises(NotAllowed):
            save_activity(facts=activity(), **{**who, "by": user})
    with pytest.raises(NotAllowed):
        save_activity(facts=activity(), **{**who, "phase_id": batch.phases.first().pk})
    remove_activity(activity_id=plan.pk, by=cast.admin_kupang)
    assert PhaseProgress.objects.get().detail == "4 dari 4 JP"

    client, url = sign_in(cast.admin_kupang), reverse("pktbt_person", args=[batch.pk, phase.pk, one.pk])
    form = {"topic": "Silon", "form": "training", "starts_on": today.isoformat(), "ends_on": today.isoformat(), "hours": 2}
    bad = client.post(url, {**form, "evidence": SimpleUploadedFile("bukti.pdf", b"bukan pdf")})
    assert bad.status_code == 422
    assert client.post(url, {**form, "evidence": SimpleUploadedFile("bukti.pdf", sample_rancangan())}).status_code == 302
    row = PktbtActivity.objects.get(topic="Silon")
    assert b"".join(client.get(reverse("pktbt_evidence", args=[row.pk]))).startswith(b"%PDF")
    assert client.get(f"{url}?ubah={row.pk}").context["form"].initial["topic"] == "Silon"
    assert client.post(url, {"hapus": row.pk}).status_code == 302
    assert "4 dari 4 JP" in client.get(reverse("phase_board", args=[batch.pk, phase.pk])).content.decode()
    assert sign_in(cast.admin_badung).get(url).status_code == 404


def test_satker_is_reminded_of_pktbt_alone_and_of_its_own_people(cast, running):
    batch, (one, *_others), ended = running
    day = timezone.localdate() + timedelta(days=7)
    phase = BatchPhase.objects.create(batch=batch, order=9, kind=PhaseKind.PKTBT, name="PKTBT", starts_on=ended.ends_on, ends_on=day)
    BatchPhase.objects.create(batch=batch, order=10, kind=PhaseKind.HABITUASI, name="Habituasi", starts_on=ended.ends_on, ends_on=day)
    mark_progress(batch_id=batch.pk, phase_id=phase.pk, participant_ids=[one.pk], state="done", by=cast.admin_kupang)
    told = list(reminders("phase_end", Asked(Audience.SATKER, day, timezone.localdate())))
    assert [(line.user, line.about, line.url) for line in told] == [
        (cast.admin_kupang, f"pktbt-{phase.pk}", reverse("phase_board", args=[batch.pk, phase.pk]))
    ]
    assert told[0].say().startswith("PKTBT 2 CPNS belum dilaporkan selesai")
