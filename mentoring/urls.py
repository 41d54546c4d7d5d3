from django.urls import path

from mentoring.views import coaches, mentors

urlpatterns = [
    path("mentor/", mentors.mentor_list, name="mentor_list"),
    path("mentor/tambah/", mentors.mentor_add, name="mentor_add"),
    path("mentor/penetapan/", mentors.mentor_assign, name="mentor_assign"),
    path("mentor/penetapan/<int:assignment_id>/akhiri/", mentors.mentor_end, name="mentor_end"),
    path("angkatan/<int:batch_id>/coach/", coaches.batch_coaches, name="batch_coaches"),
    path("bimbingan/<int:assignment_id>/tugas/", coaches.mentee_duty, name="mentee_duty"),
]
