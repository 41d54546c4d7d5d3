from django.urls import path

from participants.views import closing, results, scores, table_uploads

urlpatterns = [
    path("nilai/", scores.score_list, name="score_list"),
    path("angkatan/<int:batch_id>/nilai/", scores.score_sheet, name="score_sheet"),
    path("angkatan/<int:batch_id>/nilai/impor/", table_uploads.score_import, name="score_import"),
    path("angkatan/<int:batch_id>/nilai/templat.xlsx", scores.score_template_file, name="score_template"),
    path("angkatan/<int:batch_id>/sttp/impor/", table_uploads.sttp_import, name="sttp_import"),
    path("angkatan/<int:batch_id>/nilai/langkah/", scores.score_move, name="score_move"),
    path("angkatan/<int:batch_id>/nilai/batas/", scores.score_due, name="score_due"),
    path("angkatan/<int:batch_id>/nilai/riwayat/", scores.score_history, name="score_history"),
    path("angkatan/<int:batch_id>/nilai/<int:participant_id>/<int:component_id>/", scores.score_remark, name="score_remark"),
    path("angkatan/<int:batch_id>/hasil/", results.batch_results, name="batch_results"),
    path("angkatan/<int:batch_id>/hasil/hitung-ulang/", results.recompute_report, name="recompute_report"),
    path("angkatan/<int:batch_id>/hasil/sanggahan/", results.objection_list, name="objection_list"),
    path("angkatan/<int:batch_id>/hasil/<int:participant_id>/", results.result_detail, name="result_detail"),
    path("angkatan/<int:batch_id>/hasil/<int:participant_id>/ubah/", results.correction_add, name="correction_add"),
    path("sanggahan/<int:objection_id>/jawab/", results.objection_answer, name="objection_answer"),
    path("perubahan-nilai/<int:correction_id>/", results.correction_decide, name="correction_decide"),
    path("angkatan/<int:batch_id>/berita-acara/", closing.graduation_record, name="graduation_record"),
    path("angkatan/<int:batch_id>/berita-acara.pdf", closing.graduation_record_pdf, name="graduation_record_pdf"),
    path("angkatan/<int:batch_id>/sttp/", closing.sttp_list, name="sttp_list"),
    path("angkatan/<int:batch_id>/sttp/<int:participant_id>/", closing.sttp_edit, name="sttp_edit"),
    path("angkatan/<int:batch_id>/sttp/<int:participant_id>/pindaian/", closing.sttp_scan, name="sttp_scan"),
]
