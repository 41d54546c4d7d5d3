"""Each check finds its one wrong person and leaves the right one alone; the page, the list, the file."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from latsar.accounts.models import AuditEntry, User
from latsar.jobs.models import Job, JobState
from latsar.jobs.run import run_job
from latsar.notices.models import EmailBounce
from latsar.training.models import EntryGolongan, Seat
from latsar.training.reference import places
from participants import quality, quality_page
from participants.education import normalise_education
from participants.enums import Stage
from participants.models import Invitation, Participant, Placement, RegistrationDraft
from participants.quality import checks, counts_by_key, register
from participants.services.registration import register_participant
from tests import factories
from tests.issuing import body_of

TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _rules(db):
    places.load_entry_golongan()


LONG_AGO = timezone.now() - timedelta(days=40)
FULL = {"birth_place": "Kupang", "education": "S-1", "address": "Jalan Contoh 1"}


def whole(satker, **facts) -> Participant:
    """Make somebody whom no check finds."""
    person = factories.ParticipantFactory(satker=satker, **{**FULL, **facts})
    Participant.objects.filter(pk=person.pk).update(phone=f"0812{person.pk:08d}")
    person.refresh_from_db()
    return person


def change(person: Participant, **facts) -> None:
    Participant.objects.filter(pk=person.pk).update(**facts)


def _account(person):
    return factories.UserFactory(email=person.email)


def _elsewhere(person):
    change(person, province=factories.SatkerFactory(code="71", kind="province", parent=person.province.parent))


def _unseated(person):
    batch = factories.BatchFactory()
    change(person, stage=Stage.TRAINING, batch=batch)


def _other_mail(person):
    change(person, user=_account(person))
    change(person, email="lain@contoh.go.id")


def _invited(person):
    account = _account(person)
    User.objects.filter(pk=account.pk).update(password=make_password(None), date_joined=LONG_AGO)
    change(person, user=account)


def _started(person):
    batch = factories.BatchFactory(starts_on=TODAY - timedelta(days=3))
    change(person, stage=Stage.PLACED, batch=batch)
    Placement.objects.create(participant=person, seat=Seat.objects.filter(batch=batch).first(), placed_by=batch.opened_by)


def _twin(person):
    whole(person.satker, full_name=person.full_name, birth_date=person.birth_date, nip=f"{person.nip[:15]}777")


WRONG = {
    "tanggal-lahir-nip": lambda p: change(p, birth_date=p.birth_date + timedelta(days=1)),
    "jenis-kelamin-nip": lambda p: change(p, sex="L"),
    "tmt-nip": lambda p: change(p, tmt_cpns=p.tmt_cpns - timedelta(days=20)),
    "golongan-pendidikan": lambda p: change(p, education="D-III"),
    "provinsi-satker": _elsewhere,
    "kursi-angkatan": _unseated,
    "email-akun": _other_mail,
    "orang-ganda": _twin,
    "email-ganda": lambda p: whole(p.satker, email=p.email),
    "hp-ganda": lambda p: change(whole(p.satker), phone=p.phone),
    "tempat-lahir": lambda p: change(p, birth_place=""),
    "nomor-hp": lambda p: change(p, phone=""),
    "pendidikan": lambda p: change(p, education=""),
    "alamat": lambda p: change(p, address=""),
    "email-menolak": lambda p: EmailBounce.objects.create(address=p.email.lower(), reason="550"),
    "undangan-lama": _invited,
    "pendaftaran-lama": lambda p: change(p, stage_at=LONG_AGO),
    "pengembalian-lama": lambda p: change(p, stage=Stage.RETURNED, stage_at=LONG_AGO, updated_at=LONG_AGO),
    "verifikasi-lewat": lambda p: change(p, stage=Stage.SUBMITTED, stage_at=LONG_AGO),
    "penundaan-lewat": lambda p: change(p, stage=Stage.DEFERRED, deferred_until=TODAY - timedelta(days=1)),
    "belum-dimulai": _started,
    "tanpa-mentor": _unseated,
}
BOTH = {"orang-ganda", "email-ganda", "hp-ganda"}
ALSO = {"kursi-angkatan": {"tanpa-mentor"}, "tanpa-mentor": {"kursi-angkatan"}}


def found(user) -> dict[str, int]:
    return {key: count for key, count in counts_by_key(user, TODAY).items() if count}


def test_every_check_has_its_case():
    assert sorted(WRONG) == sorted(check.key for check in checks())


def test_register_refuses_a_key_twice():
    with pytest.raises(ValueError, match="nomor-hp"):
        register(next(check for check in checks() if check.key == "nomor-hp"))


@pytest.mark.parametrize("key", WRONG)
def test_check_finds_the_wrong_one_and_not_the_right_one(cast, key):
    wrong, _right = whole(cast.kupang), whole(cast.kupang)
    assert found(cast.pksdm) == {}
    WRONG[key](wrong)
    expected = {key: 2 if key in BOTH else 1} | dict.fromkeys(ALSO.get(key, ()), 1)
    assert found(cast.pksdm) == expected


@pytest.mark.parametrize("key", ["tempat-lahir", "tanggal-lahir-nip"])
def test_check_leaves_who_has_finished_alone(cast, key):
    wrong = whole(cast.kupang)
    WRONG[key](wrong)
    change(wrong, stage=Stage.GRADUATED, graduated_on=TODAY, batch=factories.BatchFactory())
    assert found(cast.pksdm) == {}


def test_golongan_by_education_follows_what_pksdm_changes(cast):
    whole(cast.kupang, education="D-III", golongan="III/a")
    assert found(cast.pksdm) == {"golongan-pendidikan": 1}
    EntryGolongan.objects.create(education="D-III", golongan="III/a")
    assert found(cast.pksdm) == {}
    EntryGolongan.objects.filter(education="D-III", golongan="II/c").delete()
    places.load_entry_golongan()
    assert not EntryGolongan.objects.filter(education="D-III", golongan="II/c").exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("S1", "S-1"), ("s-1", "S-1"), ("Sarjana", "S-1"), ("Strata 1", "S-1"), ("D3", "D-III"), ("D.III", "D-III"), ("Diploma III", "D-III"),
        ("SMA", "SMA/SMK"), ("Sarjana Terapan", "D-IV"), ("magister", "S-2"), ("Pesantren  Salaf", "Pesantren Salaf"), ("", ""),
    ],
)  # fmt: skip
def test_normalise_education_knows_the_usual_spellings(typed, kept):
    assert normalise_education(typed) == kept


def test_register_participant_keeps_the_spelling_of_the_list_and_the_check_sees_it(cast):
    facts = {"full_name": "Maria Contoh", "golongan": "II/c", "jabatan": "Arsiparis", "education": "s1", "email": "maria@contoh.go.id"}
    facts |= {"birth_place": "Kupang", "phone": "081200000901", "address": "Jalan"}
    person = register_participant(by=cast.admin_kupang, nip="199508122026011901", satker=cast.kupang, **facts)
    assert person.education == "S-1"
    assert found(cast.pksdm)["golongan-pendidikan"] == 1


@pytest.mark.parametrize(
    ("education", "golongan", "is_wrong"),
    [("D-III", "II/c", False), ("S-1", "II/c", True), ("S-2", "III/b", False), ("SMA/SMK", "III/a", True), ("Pesantren", "II/a", False)],
)
def test_golongan_by_education(cast, education, golongan, is_wrong):
    whole(cast.kupang, education=education, golongan=golongan)
    assert found(cast.pksdm) == ({"golongan-pendidikan": 1} if is_wrong else {})


def test_counts_of_the_nation_are_kept_only_when_they_were_slow(cast, monkeypatch):
    cache.clear()
    counts_by_key(cast.pksdm, TODAY)
    whole(cast.kupang, birth_place="")
    assert found(cast.pksdm) == {"tempat-lahir": 1}
    monkeypatch.setattr(quality, "SLOW_SECONDS", -1)
    counts_by_key(cast.pksdm, TODAY)
    whole(cast.kupang, birth_place="")
    assert (found(cast.pksdm), found(cast.provinsi_a)) == ({"tempat-lahir": 1}, {"tempat-lahir": 2})
    cache.clear()


def test_doubles_outside_ones_scope_are_not_told(cast):
    mine = whole(cast.kupang)
    whole(cast.badung, email=mine.email)
    assert found(cast.admin_kupang) == {}
    assert found(cast.pksdm) == {"email-ganda": 2}


def test_quality_counts_only_ones_own_people(cast, sign_in):
    whole(cast.kupang, birth_place="")
    whole(cast.badung, birth_place="", full_name="KENARI Bali")
    for who, count in (("admin_kupang", 1), ("admin_ende", 0), ("provinsi_a", 1), ("pksdm", 2), ("pimpinan", 2)):
        client = sign_in(getattr(cast, who))
        groups = {row.check.key: row.count for group in client.get(reverse("quality")).context["groups"] for row in group.rows}
        assert groups["tempat-lahir"] == count
    page = sign_in(cast.admin_kupang).get(reverse("quality_list", args=["tempat-lahir"]), {"q": "KENARI"})
    assert "KENARI Bali" not in page.content.decode()


def test_quality_list_leads_to_the_form_of_who_may_use_it(cast, sign_in):
    open_file, locked = whole(cast.kupang, birth_place=""), whole(cast.kupang, birth_place="", stage=Stage.APPROVED)
    url = reverse("quality_list", args=["tempat-lahir"])

    def rows(user):
        return {row.person.pk: (row.fixer, row.url) for row in sign_in(user).get(url).context["found"].rows}

    edit = {one.pk: reverse("participant_edit", args=[one.pk]) for one in (open_file, locked)}
    assert rows(cast.admin_kupang) == {open_file.pk: ("Satker", edit[open_file.pk]), locked.pk: ("PKSDM", locked.get_absolute_url())}
    assert rows(cast.pksdm) == {open_file.pk: ("Satker", edit[open_file.pk]), locked.pk: ("PKSDM", edit[locked.pk])}
    assert rows(cast.pimpinan)[open_file.pk] == ("Satker", open_file.get_absolute_url())


def test_quality_list_pages_and_searches(cast, sign_in, monkeypatch):
    monkeypatch.setattr(quality_page, "PER_PAGE", 2)
    for name in ("Ana", "Beni", "Cica"):
        whole(cast.kupang, birth_place="", full_name=name)
    client, url = sign_in(cast.pksdm), reverse("quality_list", args=["tempat-lahir"])
    names = [[row.person.full_name for row in client.get(url, {"halaman": n}).context["found"].rows] for n in ("1", "2", "x", "99999999")]
    assert names == [["Ana", "Beni"], ["Cica"], ["Ana", "Beni"], ["Ana", "Beni"]]
    assert [row.person.full_name for row in client.get(url, {"q": "cic"}).context["found"].rows] == ["Cica"]
    assert "Tidak ada yang cocok" in client.get(url, {"q": "zzz"}).content.decode()


def test_quality_list_of_an_unknown_check_is_not_found(cast, sign_in):
    assert sign_in(cast.pksdm).get(reverse("quality_list", args=["tidak-ada"])).status_code == 404


def test_quality_export_writes_ones_own_rows_and_is_audited(cast, sign_in):
    mine = whole(cast.kupang, birth_place="", full_name="=Ana")
    whole(cast.badung, birth_place="")
    answer = sign_in(cast.admin_kupang).post(reverse("quality_export", args=["tempat-lahir"]))
    rows = CalamineWorkbook.from_filelike(BytesIO(body_of(answer))).get_sheet_by_index(0).to_python()
    assert [row[:2] for row in rows if str(row[0]).isdigit()] == [[mine.nip, "'=Ana"]]
    assert "Tempat lahir kosong" in AuditEntry.objects.get(verb="export").note


def test_quality_export_of_many_becomes_a_job(cast, sign_in, monkeypatch):
    monkeypatch.setattr(quality_page, "DIRECT_LIMIT", 1)
    whole(cast.kupang, birth_place="")
    whole(cast.ende, birth_place="")
    answer = sign_in(cast.provinsi_a).post(reverse("quality_export", args=["tempat-lahir"]))
    job = Job.objects.get()
    assert answer["Location"] == job.get_absolute_url()
    run_job(job.pk, quality_page.build_export)
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.DONE, 2)


@pytest.mark.parametrize("who", ["admin_kupang", "provinsi_a", "pksdm"])
def test_quality_pages_ask_the_same_queries_at_one_and_three(cast, sign_in, who):
    client, counts = sign_in(getattr(cast, who)), []
    for more in (1, 2):
        for _n in range(more):
            whole(cast.kupang, birth_place="", stage=Stage.SUBMITTED)
        for url in (reverse("quality"), reverse("quality_list", args=["tempat-lahir"])):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 12


def test_home_of_a_satker_says_how_many_need_mending(cast, sign_in):
    client = sign_in(cast.admin_kupang)
    person = whole(cast.kupang)
    assert "perlu diperbaiki" not in client.get("/").content.decode()
    change(person, birth_place="", address="")
    assert "1 data CPNS perlu diperbaiki" in client.get("/").content.decode()
    change(person, stage=Stage.APPROVED)
    assert "data CPNS perlu diperbaiki" not in client.get("/").content.decode()


def test_check_reads_days_and_months_below_ten(cast):
    """Months and days below ten keep their zero in both databases."""
    birth, tmt = date(1999, 1, 2), date(TODAY.year, 1, 1)
    person = whole(cast.kupang, birth_date=birth, tmt_cpns=tmt, nip=factories.nip_of(birth, tmt, female=True, serial=901))
    assert person.nip.startswith("19990102")
    assert found(cast.pksdm) == {}


def test_quality_shows_left_drafts_to_their_owner_and_to_who_administers_the_owner(cast, sign_in):
    old, fresh = timezone.now() - timedelta(days=9), timezone.now()
    for user, saved_at, name in (
        (cast.admin_kupang, old, "Lama"),
        (cast.admin_denpasar, old, "Orang Bali"),
        (cast.admin_ende, fresh, "Baru"),
    ):
        draft = RegistrationDraft.objects.create(user=user, data={"full_name": name})
        RegistrationDraft.objects.filter(pk=draft.pk).update(saved_at=saved_at)
    seen = {
        who: [(draft.label, is_own) for draft, is_own in sign_in(getattr(cast, who)).get(reverse("quality")).context["drafts"]]
        for who in ("admin_kupang", "provinsi_a", "admin_ende", "pksdm")
    }
    assert seen == {
        "admin_kupang": [("Lama", True)],
        "provinsi_a": [("Lama", False)],
        "admin_ende": [],
        "pksdm": [("Lama", False), ("Orang Bali", False)],
    }


@pytest.mark.parametrize(("mailed", "found"), [(20, True), (3, False), (None, True)])
def test_unused_invitation_counts_from_the_newest_mail(cast, sign_in, mailed, found):
    account = factories.UserFactory(date_joined=timezone.now() - timedelta(days=30))
    account.set_unusable_password()
    account.save()
    person = factories.ParticipantFactory(satker=cast.kupang, user=account)
    at = timezone.now() - timedelta(days=mailed) if mailed else None
    Invitation.objects.create(participant=person, mailed_at=at, mailed_by=cast.pksdm if at else None)
    page = sign_in(cast.admin_kupang).get(reverse("quality_list", args=["undangan-lama"]))
    assert bool(page.context["found"].rows) is found


@pytest.mark.parametrize(("who", "is_shown"), [("pimpinan", False), ("pksdm", True)])
def test_quality_list_and_file_tell_who_only_reads_no_address(cast, sign_in, who, is_shown):
    for _one in range(2):
        change(whole(cast.kupang), phone="081200000999")
    client = sign_in(getattr(cast, who))
    page = client.get(reverse("quality_list", args=["hp-ganda"])).content.decode()
    assert page.count("Kupang") >= 2
    assert ("081200000999" in page) is is_shown
    file = body_of(client.post(reverse("quality_export", args=["hp-ganda"])))
    rows = CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_index(0).to_python()
    assert any("081200000999" in row for row in rows) is is_shown
