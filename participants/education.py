"""The last education in one spelling, whatever people type: form, import and admin all pass here."""

from __future__ import annotations

import re

from participants.enums import EDUCATION

_SIGNS = re.compile(r"[^a-z0-9]+")
_SPELLINGS = {
    "SMA/SMK": "sma smk smasmk smu slta sltasederajat smasederajat smasmksederajat sekolahmenengahatas",
    "D-I": "d1 di diploma1 diplomai diplomasatu",
    "D-II": "d2 dii diploma2 diplomaii diplomadua ahlimuda",
    "D-III": "d3 diii diploma3 diplomaiii diplomatiga ahlimadya",
    "D-IV": "d4 div diploma4 diplomaiv diplomaempat sarjanaterapan s1terapan d4s1terapan",
    "S-1": "s1 si sarjana strata1 stratai sarjanas1 s1sarjana stratasatu",
    "S-2": "s2 sii magister strata2 strataii magisters2 s2magister pascasarjanas2 stratadua",
    "S-3": "s3 siii doktor strata3 strataiii doktors3 s3doktor stratatiga",
}
_KNOWN = {spelling: name for name, spellings in _SPELLINGS.items() for spelling in spellings.split()}
assert set(_SPELLINGS) == set(EDUCATION)


def normalise_education(text: str) -> str:
    """Return the word of the list for a known spelling ("s1", "Sarjana", "D3"), else the text as it is, without double spaces."""
    plain = " ".join(text.split())
    return _KNOWN.get(_SIGNS.sub("", plain.lower()), plain)
