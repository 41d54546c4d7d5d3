from __future__ import annotations

import pytest

from latsar.notices.whatsapp import international, link


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("0812-3456-7890", "6281234567890"),
        ("+62 812 3456 7890", "6281234567890"),
        ("62 812.3456.7890", "6281234567890"),
        ("+62 (0) 812 3456 7890", "6281234567890"),
        ("81234567890", "6281234567890"),
        ("0062 812 3456 7890", "6281234567890"),
        ("+65 8123 4567", "6581234567"),
        ("", ""),
        ("belum ada", ""),
        ("0812", ""),
        ("0812345678901234567", ""),
        ("٠٨١٢٣٤٥٦٧٨٩٠", ""),
    ],
)
def test_international_reads_what_people_type(phone, number):
    assert international(phone) == number


def test_link_escapes_the_text():
    assert link("081234567890", "Yth. A & B?\nKe https://x.id/#a") == (
        "https://wa.me/6281234567890?text=Yth.%20A%20%26%20B%3F%0AKe%20https%3A//x.id/%23a"
    )
    assert link("", "Yth.") == ""
