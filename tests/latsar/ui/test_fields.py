from django import forms

from latsar.ui.forms import error_summary, field, form_fields


class PersonForm(forms.Form):
    token = forms.CharField(widget=forms.HiddenInput)
    nip = forms.CharField(label="NIP", help_text="18 angka dari SK CPNS.")
    born = forms.DateField(label="Tanggal lahir", error_messages={"required": "Isi tanggal lahir, misalnya 17-03-1999."})
    unit = forms.ChoiceField(label="Satker", choices=[("a", "KPU A")])
    note = forms.CharField(label="Catatan", widget=forms.Textarea, required=False)
    sex = forms.ChoiceField(label="Jenis kelamin", choices=[("L", "Laki-laki"), ("P", "Perempuan")], widget=forms.RadioSelect)
    religion = forms.ChoiceField(label="Agama", choices=[(str(n), f"A{n}") for n in range(6)], widget=forms.RadioSelect, required=False)
    mail = forms.BooleanField(label="Kirim e-mail", help_text="Boleh nanti.", required=False)

    def clean_nip(self) -> str:
        raise forms.ValidationError("NIP hanya berisi 17 angka. Periksa angka terakhir di SK.")

    def clean(self) -> None:
        raise forms.ValidationError("Kursi penuh.")


def refused() -> PersonForm:
    return PersonForm({"token": "t", "nip": '"><b>1', "unit": "a"})


def test_field_with_error_is_marked_described_and_keeps_what_was_typed() -> None:
    html = field(refused()["nip"], inputmode="numeric", hx_get="/nip/", css="num")
    assert html.startswith('<div class="field has-error"><label class="form-label" for="id_nip">NIP</label>')
    assert '<div class="form-text" id="id_nip_helptext">18 angka dari SK CPNS.</div>' in html
    assert '<div id="id_nip_error"><p class="d-flex align-items-center gap-2 mb-1 fw-semibold is-bad"><svg' in html
    assert 'aria-describedby="id_nip_helptext id_nip_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'hx-get="/nip/"' in html
    assert 'class="form-control num"' in html
    assert 'value="&quot;&gt;&lt;b&gt;1"' in html
    assert html.index("id_nip_helptext") < html.index("id_nip_error") < html.index("<input")


def test_field_without_error_says_nothing_of_errors() -> None:
    html = field(PersonForm()["nip"])
    assert html.startswith('<div class="field"><label')
    assert "error" not in html
    assert "aria-invalid" not in html


def test_field_of_a_select_gets_its_class() -> None:
    assert 'class="form-select"' in field(PersonForm()["unit"])


def test_field_of_a_textarea_is_four_rows_unless_told() -> None:
    assert 'rows="4"' in field(PersonForm()["note"])


def test_field_of_two_radios_is_a_seg() -> None:
    html = field(refused()["sex"], icons=["person"], kind="ok")
    assert html.startswith('<fieldset class="field has-error" id="id_sex" aria-describedby="id_sex_error"><legend>Jenis kelamin</legend>')
    assert '<div class="seg"><label class="ok"><input type="radio" name="sex" value="L" id="id_sex_0" required><span><svg' in html
    assert "aria-invalid" not in html
    assert html.count("<svg") == 2  # the error's and the first choice's


def test_field_of_many_radios_is_a_list() -> None:
    html = field(PersonForm()["religion"])
    assert "seg" not in html
    assert html.count('<label class="check d-flex">') == 6


def test_field_of_a_checkbox_stands_before_its_words() -> None:
    html = field(PersonForm()["mail"])
    assert html.startswith('<div class="field"><label class="check" for="id_mail"><input type="checkbox" name="mail"')
    assert "Kirim e-mail</label>" in html
    assert 'id="id_mail_helptext">Boleh nanti.' in html


def test_form_fields_draws_hidden_ones_bare() -> None:
    html = form_fields(PersonForm())
    assert '<input type="hidden" name="token" id="id_token">' in html
    assert html.count("<label") >= 8


def test_error_summary_links_to_every_field() -> None:
    html = error_summary(refused())
    assert "<b>Ada 4 isian yang perlu diperbaiki</b><br>Kursi penuh.<br>" in html
    assert 'href="#id_nip">NIP hanya berisi 17 angka</a>' in html
    assert 'href="#id_born">Isi tanggal lahir, misalnya 17-03-1999</a>' in html
    assert 'href="#id_sex_0">Jenis kelamin: ' in html
    assert 'tabindex="-1" role="alert"' in html


def test_error_summary_of_a_sound_form_is_empty() -> None:
    assert error_summary(PersonForm()) == ""


def test_error_summary_of_one_field_does_not_repeat_its_label() -> None:
    class FileForm(forms.Form):
        file = forms.CharField(label="Pilih berkas .xlsx", error_messages={"required": "Belum ada berkas yang dipilih."})

    assert 'href="#id_file">Belum ada berkas yang dipilih</a>' in error_summary(FileForm({}))
