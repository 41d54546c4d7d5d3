from django.urls import path

from participants.views import plan_changes, planning

urlpatterns = [
    path("perencanaan/", planning.planning, name="planning"),
    path("perencanaan/rencana/", planning.plan_list, name="plan_list"),
    path("perencanaan/buat/", planning.plan_add, name="plan_add"),
    path("perencanaan/banding/", planning.plan_compare, name="plan_compare"),
    path("perencanaan/<int:plan_id>/", planning.plan_detail, name="plan_detail"),
    path("perencanaan/<int:plan_id>/orang/", planning.plan_people, name="plan_people"),
    path("perencanaan/<int:plan_id>/usulan.xlsx", planning.plan_export, name="plan_export"),
    path("perencanaan/<int:plan_id>/ubah/", plan_changes.plan_edit, name="plan_edit"),
    path("perencanaan/<int:plan_id>/hitung/", plan_changes.plan_solve, name="plan_solve"),
    path("perencanaan/<int:plan_id>/pindah/", plan_changes.plan_move, name="plan_move"),
    path("perencanaan/<int:plan_id>/urung/", plan_changes.plan_undo, name="plan_undo"),
    path("perencanaan/<int:plan_id>/andai/", plan_changes.plan_try, name="plan_try"),
    path("perencanaan/<int:plan_id>/simpan/", plan_changes.plan_keep, name="plan_keep"),
    path("perencanaan/<int:plan_id>/terapkan/", plan_changes.plan_commit, name="plan_commit"),
    path("perencanaan/<int:plan_id>/buang/", plan_changes.plan_discard, name="plan_discard"),
    path("perencanaan/<int:plan_id>/kursi/<int:offer_id>/", plan_changes.plan_offer, name="plan_offer"),
]
