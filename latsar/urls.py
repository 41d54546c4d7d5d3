"""All addresses of the portal. Upper apps appear only as strings, so the project can be their ground."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from latsar.accounts.access import public
from latsar.ui.views import gallery

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("latsar.dashboard.urls")),
    path("", include("latsar.accounts.urls")),
    path("", include("latsar.documents.urls")),
    path("", include("latsar.jobs.urls")),
    path("", include("latsar.notices.urls")),
    path("", include("latsar.reports.urls")),
    path("", include("latsar.training.urls")),
    path("", include("participants.urls")),
    path("", include("mentoring.urls")),
    path("", include("aktualisasi.urls")),
    path("admin/", admin.site.urls),
]
if settings.GALLERY:
    urlpatterns.append(path("gaya/", public(gallery), name="gallery"))

handler400 = "latsar.ui.error_views.bad_request"
handler403 = "latsar.ui.error_views.not_found"
handler404 = "latsar.ui.error_views.not_found"
handler500 = "latsar.ui.error_views.server_error"
