from django.urls import path, register_converter

from aktualisasi.enums import PaperKind
from aktualisasi.views import (
    author,
    comparing,
    guidance,
    paper_templates,
    plan,
    plan_fields,
    plan_print,
    reading,
    review,
    seminar_turns,
    seminars,
)


class KindConverter:
    regex = "|".join(PaperKind.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(KindConverter, "naskah")

urlpatterns = [
    path("aktualisasi/", reading.aktualisasi_home, name="aktualisasi_home"),
    path("aktualisasi/laporan/naskah/", author.laporan_paper, name="laporan_paper"),
    path("aktualisasi/<naskah:kind>/unggah/", author.paper_upload, name="paper_upload"),
    path("aktualisasi/<naskah:kind>/susun/", author.paper_compose, name="paper_compose"),
    path("aktualisasi/antrean/", review.review_queue, name="review_queue"),
    path("aktualisasi/rancangan/", plan.plan_home, name="plan_home"),
    path("aktualisasi/rancangan/profil/", plan.plan_profile, name="plan_profile"),
    path("aktualisasi/rancangan/isu/", plan.plan_issues, name="plan_issues"),
    path("aktualisasi/rancangan/akar/", plan.plan_causes, name="plan_causes"),
    path("aktualisasi/rancangan/gagasan/", plan.plan_idea, name="plan_idea"),
    path("aktualisasi/rancangan/kegiatan/", plan.plan_activities, name="plan_activities"),
    path("aktualisasi/rancangan/kegiatan/<int:kegiatan_id>/", plan.plan_activity, name="plan_activity"),
    path("aktualisasi/rancangan/nilai/", plan.plan_values, name="plan_values"),
    path("aktualisasi/rancangan/jadwal/", plan.plan_schedule, name="plan_schedule"),
    path("aktualisasi/rancangan/matriks/", plan.plan_matrix, name="plan_matrix"),
    path("aktualisasi/rancangan/isian/", plan_fields.plan_field, name="plan_field"),
    path("aktualisasi/templat/", paper_templates.paper_template_list, name="paper_template_list"),
    path("aktualisasi/templat/halaman/<str:key>/<int:page>/", paper_templates.paper_template_page, name="paper_template_page"),
    path("aktualisasi/templat/<str:kind>/<int:institute_id>/", paper_templates.paper_template_edit, name="paper_template_edit"),
    path("aktualisasi/templat/<str:kind>/<int:institute_id>/lihat/", paper_templates.paper_template_preview, name="paper_template_preview"),
    path("aktualisasi/templat/<str:kind>/<int:institute_id>/semula/", paper_templates.paper_template_reset, name="paper_template_reset"),
    path("aktualisasi/<int:rancangan_id>/isi/", plan_print.rancangan_content, name="rancangan_content"),
    path("aktualisasi/<int:rancangan_id>/koreksi/", plan_print.correction_add, name="correction_add"),
    path("aktualisasi/<int:rancangan_id>/cetak/", plan_print.rancangan_print, name="rancangan_print"),
    path("aktualisasi/<int:rancangan_id>/cetak/pdf/", plan_print.rancangan_print_pdf, name="rancangan_print_pdf"),
    path("aktualisasi/<int:rancangan_id>/cetak/<int:page>/", plan_print.rancangan_print_page, name="rancangan_print_page"),
    path("aktualisasi/<int:rancangan_id>/", reading.rancangan_detail, name="rancangan_detail"),
    path("aktualisasi/naskah/<int:paper_id>/", reading.paper_detail, name="paper_detail"),
    path("aktualisasi/naskah/<int:paper_id>/langkah/", author.paper_move, name="paper_move"),
    path("aktualisasi/naskah/<int:paper_id>/tinjau/", review.paper_review, name="paper_review"),
    path("aktualisasi/naskah/<int:paper_id>/banding/", comparing.paper_compare, name="paper_compare"),
    path("aktualisasi/catatan/<int:note_id>/hapus/", review.review_note_drop, name="review_note_drop"),
    path("aktualisasi/catatan/<int:note_id>/tanggapan/", author.note_reply, name="note_reply"),
    path("aktualisasi/berkas/<int:version_id>/", reading.paper_file, name="paper_file"),
    path("aktualisasi/berkas/<int:version_id>/keadaan/", reading.version_state, name="version_state"),
    path("aktualisasi/berkas/<int:version_id>/halaman/<int:page>/", reading.paper_image, name="paper_image"),
    path("bimbingan/", guidance.mentoring_home, name="mentoring_home"),
    path("bimbingan/<int:assignment_id>/", guidance.mentee_detail, name="mentee_detail"),
    path("seminar/", seminars.seminar_list, name="seminar_list"),
    path("angkatan/<int:batch_id>/seminar/", seminars.batch_seminars, name="batch_seminars"),
    path("angkatan/<int:batch_id>/seminar/susun/", seminars.seminar_plan, name="seminar_plan"),
    path("seminar/<int:seminar_id>/", seminars.seminar_detail, name="seminar_detail"),
    path("seminar/<int:seminar_id>/ubah/", seminars.seminar_edit, name="seminar_edit"),
    path("seminar/<int:seminar_id>/giliran/", seminars.seminar_turns, name="seminar_turns"),
    path("seminar/<int:seminar_id>/langkah/", seminars.seminar_move, name="seminar_move"),
    path("seminar/<int:seminar_id>/cetak/", seminars.seminar_print, name="seminar_print"),
    path("seminar/<int:seminar_id>/kalender.ics", seminars.seminar_ics, name="seminar_ics"),
    path("seminar/<int:seminar_id>/berita-acara.pdf", seminar_turns.seminar_records, name="seminar_records"),
    path("seminar/giliran/<int:turn_id>/", seminar_turns.seminar_turn, name="seminar_turn"),
    path("seminar/giliran/<int:turn_id>/nilai/", seminar_turns.seminar_score, name="seminar_score"),
    path("seminar/giliran/<int:turn_id>/nilai/simpan/", seminar_turns.seminar_score_keep, name="seminar_score_keep"),
    path("seminar/giliran/<int:turn_id>/hasil/", seminar_turns.seminar_result, name="seminar_result"),
    path("seminar/giliran/<int:turn_id>/berita-acara.pdf", seminar_turns.seminar_record, name="seminar_record"),
    path("seminar/giliran/<int:turn_id>/berita-acara/unggah/", seminar_turns.seminar_paper_add, name="seminar_paper_add"),
    path("seminar/berita-acara/<int:paper_id>/", seminar_turns.seminar_paper, name="seminar_paper"),
    path("seminar/perbaikan/<int:revision_id>/", seminar_turns.seminar_revision, name="seminar_revision"),
]
