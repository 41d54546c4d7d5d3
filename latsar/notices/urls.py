from django.urls import path

from latsar.notices import views

urlpatterns = [
    path("pemberitahuan/", views.notices, name="notices"),
    path("pemberitahuan/baca/", views.notices_read, name="notices_read"),
    path("akun/pemberitahuan/", views.notice_settings, name="notice_settings"),
    path("surel/", views.outbox, name="outbox"),
    path("surel/ulangi/", views.outbox_retry, name="outbox_retry"),
]
