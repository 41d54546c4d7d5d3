"""Rules, places and batches in the admin."""

from latsar.training.admin import batches, orientation, places, rules

__all__ = ["batches", "orientation", "places", "rules"]
