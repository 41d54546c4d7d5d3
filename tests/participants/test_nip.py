from datetime import date

import pytest
from django.utils import translation
from hypothesis import assume, example, given
from hypothesis import strategies as st

from participants.nip import Nip, NipError, check_against, format_nip, normalise_nip, parse_nip

TODAY = date(2026, 2, 9)
VALUE = "199609142025061901"
NIP = Nip(VALUE, date(1996, 9, 14), date(2025, 6, 1), "L", 901, 28)


@st.composite
def nips(draw: st.DrawFn) -> Nip:
    """Draw a right NIP from its parts, not from the parser."""
    tmt = draw(st.dates(date(2000, 1, 1), date(2027, 2, 1))).replace(day=1)
    born = draw(st.dates(date(tmt.year - 41, tmt.month, 2), date(tmt.year - 18, tmt.month, 1)))
    sex, serial = draw(st.sampled_from("LP")), draw(st.integers(1, 999))
    age = tmt.year - born.year - ((tmt.month, 1) < (born.month, born.day))
    return Nip(f"{born:%Y%m%d}{tmt:%Y%m}{'LP'.index(sex) + 1}{serial:03d}", born, tmt, sex, serial, age)


@given(nips())
@example(NIP)
def test_parse_nip_right_number_gives_its_parts(nip: Nip) -> None:
    assert parse_nip(nip.value, today=TODAY) == nip


@given(nips(), st.lists(st.sampled_from([" ", ".", "-", "\u00a0", "\u2013", "\t", "\n", "\u200b"]), min_size=19, max_size=19))
def test_parse_nip_any_separators_give_the_same(nip: Nip, separators: list[str]) -> None:
    spread = "".join(sign + digit for sign, digit in zip(separators, nip.value, strict=False)) + separators[-1]
    assert parse_nip(spread, today=TODAY) == nip
    assert normalise_nip(spread) == nip.value


@given(nips())
def test_format_nip_reads_back(nip: Nip) -> None:
    printed = format_nip(nip.value)
    assert [len(group) for group in printed.split(" ")] == [8, 6, 1, 3]
    assert parse_nip(printed, today=TODAY) == nip
    assert str(nip) == nip.value


@given(nips(), st.integers(0, 17))
def test_parse_nip_digit_lost_refused(nip: Nip, place: int) -> None:
    with pytest.raises(NipError) as refusal:
        parse_nip(nip.value[:place] + nip.value[place + 1 :], today=TODAY)
    assert refusal.value.code == "length"


@given(nips(), st.integers(0, 18), st.sampled_from("0123456789"))
def test_parse_nip_digit_added_refused(nip: Nip, place: int, digit: str) -> None:
    with pytest.raises(NipError) as refusal:
        parse_nip(nip.value[:place] + digit + nip.value[place:], today=TODAY)
    assert refusal.value.code == "length"


@given(
    nips(),
    st.integers(0, 17),
    st.characters(exclude_characters="0123456789.-'", exclude_categories=("Zs", "Cc", "Zl", "Zp", "Cs", "Pd", "Cf")),
)
@example(NIP, 17, "O")
@example(NIP, 0, "١")
@example(NIP, 3, "²")
def test_parse_nip_other_sign_refused(nip: Nip, place: int, sign: str) -> None:
    assume(sign != "e" and sign != "E")
    with pytest.raises(NipError) as refusal:
        parse_nip(nip.value[:place] + sign + nip.value[place + 1 :], today=TODAY)
    assert refusal.value.code == "characters"


@given(nips(), st.sampled_from("03456789"))
def test_parse_nip_sex_digit_refused(nip: Nip, digit: str) -> None:
    with pytest.raises(NipError) as refusal:
        parse_nip(nip.value[:14] + digit + nip.value[15:], today=TODAY)
    assert refusal.value.code == "sex"


@given(nips())
def test_parse_nip_serial_zero_refused(nip: Nip) -> None:
    with pytest.raises(NipError) as refusal:
        parse_nip(nip.value[:15] + "000", today=TODAY)
    assert refusal.value.code == "serial"


@given(nips(), st.sampled_from(["00", *(str(month) for month in range(13, 100))]))
def test_parse_nip_month_refused_and_pppk_told_apart(nip: Nip, month: str) -> None:
    with pytest.raises(NipError) as refusal:
        parse_nip(nip.value[:12] + month + nip.value[14:], today=TODAY)
    assert refusal.value.code == ("pppk" if int(month) >= 21 else "tmt")


@given(nips(), st.sampled_from(["0000", "1301", "0230", "0431", "0100", "0132", "9999"]))
def test_parse_nip_birth_date_refused(nip: Nip, day: str) -> None:
    with pytest.raises(NipError) as refusal:
        parse_nip(nip.value[:4] + day + nip.value[8:], today=TODAY)
    assert refusal.value.code == "birth_date"


@given(st.text())
@example("1" * 100_000)
@example("." * 100_000)
def test_parse_nip_any_text_reads_or_refuses(text: str) -> None:
    try:
        outcome = parse_nip(text, today=TODAY).value
    except NipError as error:
        outcome = error.message
    assert outcome
    assert not outcome.isdigit() or outcome == normalise_nip(text)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "empty", "NIP belum diisi. Ketik 18 angkanya dari SK CPNS."),
        (VALUE[:17], "length", "NIP hanya berisi 17 angka. NIP terdiri dari 18 angka; periksa angka terakhir di SK."),
        (
            "1.99001E+17",
            "rounded",
            "Excel telah membulatkan NIP, angka aslinya hilang. Jadikan kolom NIP bertipe Teks, lalu ketik ulang 18 angkanya dari SK.",
        ),
        ("199609142025211901", "pppk", "Ini nomor induk PPPK, bukan NIP CPNS. Latsar hanya untuk CPNS; periksa nomor di SK CPNS."),
    ],
)
def test_parse_nip_wrong_text_says_what_to_do(text: str, code: str, message: str) -> None:
    with pytest.raises(NipError) as refusal:
        parse_nip(text, today=TODAY)
    assert (refusal.value.code, refusal.value.message, str(refusal.value)) == (code, message, message)


@pytest.mark.parametrize("text", ["1.99001E+17", "1,99001E+17", "1.99609142025062E17", "2E+17", " 1.99001e+17 "])
def test_parse_nip_rounded_by_a_spreadsheet_refused(text: str) -> None:
    with pytest.raises(NipError) as refusal:
        parse_nip(text, today=TODAY)
    assert refusal.value.code == "rounded"


@pytest.mark.parametrize(
    ("value", "age"),
    [("200706012025061901", 18), ("200706022025061901", None), ("198406022025061901", 40), ("198406012025061901", None)],
)
def test_parse_nip_age_bounds_held(value: str, age: int | None) -> None:
    if age is None:
        with pytest.raises(NipError, match="umur saat TMT CPNS"):
            parse_nip(value, today=TODAY)
    else:
        assert parse_nip(value, today=TODAY).age_at_tmt == age


def test_parse_nip_tmt_one_year_ahead_at_most() -> None:
    assert parse_nip("199609142027021901", today=TODAY).tmt_cpns == date(2027, 2, 1)
    with pytest.raises(NipError, match="Maret 2027"):
        parse_nip("199609142027031901", today=TODAY)


def test_parse_nip_without_today_uses_the_calendar() -> None:
    assert parse_nip(VALUE) == NIP


@pytest.mark.parametrize(
    ("born", "sex", "expected"),
    [
        (None, None, []),
        (date(1996, 9, 14), "L", []),
        (
            date(1995, 9, 14),
            None,
            [("birth_date", "Tidak sama dengan tanggal lahir di NIP (14 September 1996). Cocokkan keduanya dengan SK CPNS.")],
        ),
        (None, "P", [("sex", "Tidak sama dengan jenis kelamin di NIP (laki-laki). Cocokkan keduanya dengan SK CPNS.")]),
    ],
)
def test_check_against_names_each_difference(born: date | None, sex: str | None, expected: list[tuple[str, str]]) -> None:
    assert check_against(NIP, born, sex) == expected


def test_format_nip_other_text_unchanged() -> None:
    assert format_nip("12") == "12"


def test_parse_nip_message_follows_the_language() -> None:
    with translation.override("en"), pytest.raises(NipError) as refusal:
        parse_nip("199609142027031901", today=TODAY)
    assert "March 2027" in refusal.value.message
