"""What a worker does for this app: an id in, a service called, safe to run twice."""

from __future__ import annotations

from celery import shared_task

from latsar.jobs.run import run_job
from participants import people_export, quality_page
from participants.dossier import drawing, overview_export
from participants.services import (
    certificates,
    closing,
    collecting,
    dossier_zip,
    duty_letters,
    imports,
    invitation,
    moving,
    orientation_certificates,
    plan_commit,
    planning,
    slips,
    undoing,
)


@shared_task(name=imports.COMMIT_TASK)
def commit_import(job_id: int) -> None:
    run_job(job_id, imports.save_rows, stopped=closing.settle_commit)


@shared_task(name=undoing.UNDO_TASK)
def undo_import(job_id: int) -> None:
    run_job(job_id, undoing.undo_rows, stopped=closing.settle_undo)


@shared_task(name=people_export.TASK)
def export_people(job_id: int) -> None:
    run_job(job_id, people_export.build_export)


@shared_task(name=certificates.TASK)
def issue_certificates(job_id: int) -> None:
    run_job(job_id, certificates.issue_items)


@shared_task(name=slips.TASK)
def print_slips(job_id: int) -> None:
    run_job(job_id, slips.print_slips)


@shared_task(name=invitation.TASK)
def send_invitations(job_id: int) -> None:
    run_job(job_id, invitation.invite_items)


@shared_task(name=overview_export.TASK)
def export_dossiers(job_id: int) -> None:
    run_job(job_id, overview_export.build_export)


@shared_task(name=moving.TASK)
def move_files(job_id: int) -> None:
    run_job(job_id, moving.move_items)


@shared_task(name=drawing.TASK)
def draw_document(document_id: int) -> int:
    """Draw the page images of one document; a document that is gone is logged and ignored."""
    return drawing.draw_all(document_id)


@shared_task(name=collecting.TASK)
def collect_documents(job_id: int) -> None:
    run_job(job_id, collecting.write_zip)


@shared_task(name=dossier_zip.TASK)
def attach_zip(job_id: int) -> None:
    run_job(job_id, dossier_zip.attach_entries)


@shared_task(name=orientation_certificates.TASK)
def issue_orientation(job_id: int) -> None:
    run_job(job_id, orientation_certificates.issue_orientation_items)


@shared_task(name=quality_page.TASK)
def export_quality(job_id: int) -> None:
    run_job(job_id, quality_page.build_export)


@shared_task(name=planning.SOLVE_TASK)
def solve_plan(job_id: int) -> None:
    run_job(job_id, planning.solve_requested, stopped=planning.settle_solving)


@shared_task(name=plan_commit.COMMIT_TASK)
def commit_plan(job_id: int) -> None:
    run_job(job_id, plan_commit.commit_items, stopped=plan_commit.settle_commit)


@shared_task(name=duty_letters.TASK)
def print_duty_letters(job_id: int) -> None:
    run_job(job_id, duty_letters.print_letters)
