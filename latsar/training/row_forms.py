"""Lines of a form that can be added and taken away without a script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from latsar.ui.numbers import whole_number

MOST_ROWS = 80
ADD = "tambah"
"""The name of the button that asks for one more line; its value is the prefix of the lines."""


class RowForm(forms.Form):
    """One line. What was cleared, or marked to go, is left out; lines are sorted by their number."""

    order = forms.IntegerField(
        label=_("Urutan"), required=False, min_value=1, max_value=999, widget=forms.NumberInput(attrs={"class": "day"})
    )
    gone = forms.BooleanField(label=_("Hapus baris ini"), required=False)

    @property
    def goes(self) -> bool:
        return self.is_bound and bool(self["gone"].data)

    @property
    def stays(self) -> bool:
        return not self.goes and bool(set(self.changed_data) - {"order", "gone"})

    def facts(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name not in ("order", "gone")}


Row = TypeVar("Row", bound=RowForm)


class Rows(Generic[Row]):
    """All lines of one kind, with one empty line for the next; `data` None shows what is stored."""

    def __init__(
        self, form: type[Row], prefix: str, initial: Sequence[Mapping[str, Any]], data: Any = None, *, spare: int = 1, **kwargs: Any
    ) -> None:
        self.prefix = prefix
        total = len(initial) + spare
        if data is not None:
            asked = whole_number(data.get(f"{prefix}-baris", ""))
            total = min(asked or 0, MOST_ROWS) + (data.get(ADD) == prefix)
        stored = [] if data is not None else [{**values, "order": n} for n, values in enumerate(initial, 1)]
        self.total = total
        self.forms = [
            form(
                data if data is not None and (asked or 0) > n else None,
                prefix=f"{prefix}{n}",
                initial=stored[n] if n < len(stored) else {},
                empty_permitted=True,
                use_required_attribute=False,
                **kwargs,
            )
            for n in range(total)
        ]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.forms)

    def is_valid(self) -> bool:
        """Check every line, so that all errors show at once; a line that goes may hold anything."""
        return not [form for form in self.forms if form.is_bound and not form.goes and not form.is_valid()]

    @property
    def errors(self) -> list[RowForm]:
        return [form for form in self.forms if form.is_bound and not form.goes and form.errors]

    def kept(self) -> list[Row]:
        """Return the lines that stay, in their order; call it on valid lines."""
        kept = [(n, form) for n, form in enumerate(self.forms) if form.is_bound and form.is_valid() and form.stays]
        return [form for n, form in sorted(kept, key=lambda pair: (pair[1].cleaned_data.get("order") or 1000 + pair[0], pair[0]))]

    def readable(self) -> list[Row]:
        """Return the lines that can be read already, for a check of what is still being typed."""
        return self.kept()


def wants_row(data: Any) -> bool:
    """Whether the form only asks for one more line."""
    return bool(data.get(ADD))
