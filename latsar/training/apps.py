from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "latsar.training"
    label = "training"
    verbose_name = _("Pelatihan")

    def ready(self) -> None:
        from latsar.notices import workdays
        from latsar.training.calendar import holidays_between

        workdays.register(holidays_between)
