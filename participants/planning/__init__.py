"""Who gets which seat: demand against offered seats, a proposal with its reasons, and what became of it."""
