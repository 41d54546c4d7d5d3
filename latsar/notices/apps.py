from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "latsar.notices"
    label = "notices"
    verbose_name = _("Pemberitahuan")

    def ready(self) -> None:
        autodiscover_modules("reminders")
