from django.urls import path

from mentoring import views

urlpatterns = [
    path("mentor/", views.mentor_list, name="mentor_list"),
    path("mentor/tambah/", views.mentor_add, name="mentor_add"),
    path("mentor/penetapan/", views.mentor_assign, name="mentor_assign"),
    path("mentor/penetapan/<int:assignment_id>/akhiri/", views.mentor_end, name="mentor_end"),
]
