"""Every bad workbook of the corpus through the door that people use: its own message, and nothing changed."""

from __future__ import annotations

import pytest
from django.utils import timezone

from latsar.accounts.errors import Refused
from latsar.accounts.models import AuditEntry
from latsar.jobs.models import Job
from latsar.satker.models import Satker, SatkerKind
from participants.enums import RowOutcome, Stage
from participants.imports import ImportRow, ParticipantImport
from participants.models import Participant, ParticipantStageChange
from participants.services import imports
from participants.services.judging import HEADING_OF
from participants.workbook.cells import HEADINGS
from participants.workbook.refusal import WorkbookRefused
from tests.corpus import workbook_archives, workbook_layouts
from tests.corpus.workbook_cells import WRONG_CELLS
from tests.corpus.workbook_rows import ACCEPTED, APPROVED, AT_HOME, ELSEWHERE, SUBMITTED, WRONG_ROWS
from tests.corpus.workbooks import GOOD_ROW, book, with_cell
from tests.factories import ParticipantFactory

REFUSED = [*workbook_archives.REFUSED, *workbook_layouts.REFUSED]
AS_IN_THE_FILE = {name: GOOD_ROW[HEADINGS.index(heading)] for name, heading in HEADING_OF.items() if name != "email"}


@pytest.fixture
def province(cast):
    """A province with people at home, elsewhere and further on, and a satker that is closed."""
    for nip, satker, stage in (
        (AT_HOME, cast.kupang, Stage.REGISTERED),
        (ELSEWHERE, cast.denpasar, Stage.REGISTERED),
        (SUBMITTED, cast.kupang, Stage.SUBMITTED),
        (APPROVED, cast.kupang, Stage.APPROVED),
    ):
        ParticipantFactory(nip=nip, satker=satker, stage=stage, email=f"p{nip}@contoh.go.id", **AS_IN_THE_FILE)
    Satker.objects.create(
        code="53.98", dipa_code="099898", name="KPU Kabupaten Lama", kind=SatkerKind.REGENCY, parent=cast.province_a,
        province=cast.province_a, closed_on=timezone.localdate(),
    )  # fmt: skip
    return cast.provinsi_a


def portal():
    """All that an import could change, as it is now."""
    return [list(model.objects.order_by("pk").values()) for model in (Participant, ParticipantStageChange, AuditEntry, Job)]


def test_corpus_is_large_and_its_names_are_distinct():
    names = [case.name for case in [*REFUSED, *WRONG_CELLS, *WRONG_ROWS]]
    assert len(names) == len(set(names))
    assert len(REFUSED) + len(WRONG_CELLS) + len(WRONG_ROWS) >= 180


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_preview_import_bad_file_is_refused_with_its_message_and_changes_nothing(province, case):
    before = portal()
    with pytest.raises(WorkbookRefused) as refusal:
        imports.preview_import(source=case.build(), filename=case.filename, by=province)
    assert (refusal.value.code, refusal.value.message) == (case.code, case.message)
    assert (portal(), ParticipantImport.objects.count(), ImportRow.objects.count()) == (before, 0, 0)


@pytest.mark.parametrize("case", WRONG_CELLS, ids=lambda case: case.name)
def test_preview_import_wrong_cell_gets_its_message_and_nothing_can_be_saved(province, case):
    before = portal()
    upload = imports.preview_import(source=book([with_cell(case.heading, case.value)]), filename="cpns.xlsx", by=province)
    (row,) = upload.rows.all()
    told = [(error["row"], error["column"], error["code"], error["message"]) for error in row.errors]
    assert (row.outcome, told) == (RowOutcome.ERROR, [(2, case.heading, case.code, case.message)])
    with pytest.raises(Refused):
        imports.commit_import(import_id=upload.pk, sha256=upload.sha256, by=province)
    assert portal() == before


@pytest.mark.parametrize("case", WRONG_ROWS, ids=lambda case: case.name)
def test_preview_import_wrong_rows_get_their_messages_and_change_nothing(province, case):
    before = portal()
    upload = imports.preview_import(source=case.build(), filename="cpns.xlsx", by=province)
    told = [(error["row"], error["column"], error["message"]) for row in upload.rows.order_by("number") for error in row.errors]
    assert told == case.errors
    assert portal() == before


@pytest.mark.parametrize(("name", "build"), ACCEPTED, ids=[name for name, _build in ACCEPTED])
def test_preview_import_odd_but_right_file_is_the_good_row(province, name, build):
    upload = imports.preview_import(source=build(), filename="cpns.xlsx", by=province)
    row = upload.rows.get()
    assert (row.errors, row.outcome) == ([], RowOutcome.NEW)
    wanted = {"full_name": "Contoh Peserta Satu, S.Kom.", "golongan": "III/a", "phone": "081200000901", "email": f"p{row.nip}@contoh.go.id"}
    assert {name: row.data[name] for name in wanted} == wanted
