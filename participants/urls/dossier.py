from django.urls import path

from participants.views import dossier, dossier_overview, dossier_zip

urlpatterns = [
    path("peserta/berkas/", dossier_overview.dossier_overview, name="dossier_overview"),
    path("peserta/berkas/unduh/", dossier_overview.dossier_export, name="dossier_export"),
    path("peserta/berkas/unggah-zip/", dossier_zip.dossier_zip_upload, name="dossier_zip_upload"),
    path("peserta/berkas/unggah-zip/<int:zip_id>/", dossier_zip.dossier_zip_preview, name="dossier_zip_preview"),
    path("peserta/berkas/unggah-zip/<int:zip_id>/simpan/", dossier_zip.dossier_zip_commit, name="dossier_zip_commit"),
    path("peserta/berkas/unggah-zip/<int:zip_id>/batal/", dossier_zip.dossier_zip_discard, name="dossier_zip_discard"),
    path("peserta/<int:participant_id>/berkas/", dossier.dossier, name="dossier"),
    path("peserta/<int:participant_id>/berkas/<slug:code>/unggah/", dossier.dossier_attach, name="dossier_attach"),
    path("peserta/<int:participant_id>/berkas/kumpulkan/", dossier_overview.dossier_collect, name="dossier_collect"),
    path("angkatan/<int:batch_id>/berkas/", dossier_overview.dossier_collect_batch, name="dossier_collect_batch"),
    path("berkas/<int:document_id>/", dossier.dossier_document, name="dossier_document"),
    path("berkas/<int:document_id>/jawab/", dossier.dossier_judge, name="dossier_judge"),
    path("berkas/<int:document_id>/hapus/", dossier.dossier_remove, name="dossier_remove"),
    path("berkas/<int:document_id>/urungkan/", dossier.dossier_restore, name="dossier_restore"),
    path("berkas/<int:document_id>/asli/", dossier.dossier_file, name="dossier_file"),
    path("berkas/<int:document_id>/halaman/<int:number>/", dossier.dossier_page, name="dossier_page"),
]
