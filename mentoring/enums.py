MENTEE_LIMIT = 5
"""At most five participants per mentor over all running batches. Ref: rakor KPU, November 2025."""
