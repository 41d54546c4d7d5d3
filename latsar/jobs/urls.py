from django.urls import path

from latsar.jobs import views

urlpatterns = [
    path("pekerjaan/", views.job_list, name="job_list"),
    path("pekerjaan/<int:job_id>/", views.job_detail, name="job_detail"),
    path("pekerjaan/<int:job_id>/batal/", views.job_cancel, name="job_cancel"),
    path("pekerjaan/<int:job_id>/ulangi/", views.job_retry, name="job_retry"),
    path("pekerjaan/<int:job_id>/hasil/", views.job_result, name="job_result"),
]
