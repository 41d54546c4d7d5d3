from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "latsar.reports"
    label = "reports"
    verbose_name = _("Laporan")

    def ready(self) -> None:
        autodiscover_modules("reports")
