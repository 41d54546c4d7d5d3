from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    XLSX = "xlsx", _("Excel")
    CSV = "csv", _("CSV")
    PDF = "pdf", _("PDF")
