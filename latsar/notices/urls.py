from django.urls import path

from latsar.notices import views

urlpatterns = [
    path("pemberitahuan/", views.notices, name="notices"),
    path("pemberitahuan/baca/", views.notices_read, name="notices_read"),
]
