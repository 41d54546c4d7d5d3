"""The admin of this app; each model stands in the module of its noun."""

from mentoring.admin import guiding, records

__all__ = ["guiding", "records"]
