from django.urls import path

from participants.views import certificates

urlpatterns = [
    path("angkatan/<int:batch_id>/sertifikat/", certificates.batch_certificates, name="batch_certificates"),
    path("angkatan/<int:batch_id>/sertifikat/konsep/<int:participant_id>/", certificates.certificate_draft, name="certificate_draft"),
    path("sertifikat/", certificates.certificate_list, name="certificate_list"),
    path("sertifikat/<int:certificate_id>/unduh/", certificates.certificate_file, name="certificate_file"),
    path("sertifikat/<int:certificate_id>/cabut/", certificates.certificate_revoke, name="certificate_revoke"),
]
