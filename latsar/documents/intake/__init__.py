"""Files from outside: what may come in, under which name, and how it may be looked at."""
