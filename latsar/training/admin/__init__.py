"""Rules, places and batches in the admin."""

from latsar.training.admin import batches, places, rules

__all__ = ["batches", "places", "rules"]
