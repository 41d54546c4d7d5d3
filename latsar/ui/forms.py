"""Fields of a form in the design's markup: label, help, error, input, in this order."""

import re
from collections.abc import Iterable

from django.forms import BaseForm, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.forms.boundfield import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from .components import EMPTY, icon

SEG_LIMIT = 3
FIRST_SENTENCE = re.compile(r"(?<=[a-z0-9]{3})[.:] (?=[A-Z0-9])")
DJANGO_ROWS = "10"


def field(bound: BoundField, *, icons: Iterable[str] = (), kind: str = "info", **attrs: str) -> SafeString:
    """Draw one field of a form, whatever its widget.

    `icons` names one icon per choice of a radio group; further keywords become attributes of the input,
    `hx_get` as `hx-get`, and `css` is added to its classes.
    """
    widget = bound.field.widget
    if bound.is_hidden:
        return bound.as_widget()
    if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)):
        return _choices(bound, tuple(icons), kind)
    extra: dict[str, str | bool] = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items() if name != "css"}
    if isinstance(widget, CheckboxInput):
        return format_html(
            '<div class="{}"><label class="check" for="{}">{}{}</label>{}{}</div>',
            _field_class(bound),
            bound.id_for_label,
            bound.as_widget(attrs=extra),
            bound.label,
            _help(bound),
            _error(bound),
        )
    if isinstance(widget, Textarea) and widget.attrs.get("rows") == DJANGO_ROWS:
        extra.setdefault("rows", "4")
    base = "form-select" if isinstance(widget, Select) else "form-control"
    extra["class"] = " ".join(filter(None, (base, widget.attrs.get("class", ""), attrs.get("css", ""))))
    return format_html(
        '<div class="{}"><label class="form-label" for="{}">{}</label>{}{}{}</div>',
        _field_class(bound),
        bound.id_for_label,
        bound.label,
        _help(bound),
        _error(bound),
        bound.as_widget(attrs=extra),
    )


def _choices(bound: BoundField, icons: tuple[str, ...], kind: str) -> SafeString:
    boxes = bound.subwidgets
    for box in boxes:
        box.data["attrs"].pop("aria-invalid", None)  # ARIA knows no invalid single radio; the group says it
    if isinstance(bound.field.widget, CheckboxSelectMultiple) or len(boxes) > SEG_LIMIT:
        body = format_html_join("", '<label class="check d-flex">{}{}</label>', ((box.tag(), box.choice_label) for box in boxes))
    else:
        symbols = (*(icon(name) for name in icons), *[EMPTY] * len(boxes))
        body = format_html(
            '<div class="seg{}">{}</div>',
            " three" if len(boxes) == SEG_LIMIT else "",
            format_html_join(
                "",
                '<label class="{}">{}<span>{}{}</span></label>',
                ((kind, box.tag(), symbol, box.choice_label) for box, symbol in zip(boxes, symbols, strict=False)),
            ),
        )
    described = bound.aria_describedby
    return format_html(
        '<fieldset class="{}" id="{}"{}><legend>{}</legend>{}{}{}</fieldset>',
        _field_class(bound),
        bound.auto_id,
        format_html(' aria-describedby="{}"', described) if described else EMPTY,
        bound.label,
        _help(bound),
        _error(bound),
        body,
    )


def _field_class(bound: BoundField) -> str:
    return "field has-error" if bound.errors else "field"


def _help(bound: BoundField) -> SafeString:
    if not bound.help_text:
        return EMPTY
    return format_html('<div class="form-text" id="{}_helptext">{}</div>', bound.auto_id, bound.help_text)


def _error(bound: BoundField) -> SafeString:
    if not bound.errors:
        return EMPTY
    return format_html(
        '<div id="{}_error">{}</div>',
        bound.auto_id,
        format_html_join(
            "",
            '<p class="d-flex align-items-center gap-2 mb-1 fw-semibold is-bad">{}{}</p>',
            ((icon("exclamation-circle-fill"), error) for error in bound.errors),
        ),
    )


def form_fields(form: BaseForm) -> SafeString:
    """Draw every field of a form, one under the other."""
    return format_html_join("", "{}", ((field(bound),) for bound in (*form.hidden_fields(), *form.visible_fields())))


def error_summary(form: BaseForm) -> SafeString:
    """Say above a refused form how much is wrong, with a link to each field; empty when nothing is."""
    if not form.errors:
        return EMPTY
    alone = len(form.visible_fields()) == 1
    lines = [format_html("{}", error) for error in form.non_field_errors()]
    lines += [
        format_html('<a class="d-inline-block py-1" href="#{}">{}</a>', _anchor(bound), _summary(bound, named=alone))
        for bound in form
        if bound.errors
    ]
    count = len(lines)
    return format_html(
        '<div class="notice bad mb-4" tabindex="-1" role="alert" data-focus>{}<div><b>{}</b><br>{}</div></div>',
        icon("exclamation-triangle-fill"),
        ngettext("Ada %(count)d isian yang perlu diperbaiki", "Ada %(count)d isian yang perlu diperbaiki", count) % {"count": count},
        format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines)),
    )


def _anchor(bound: BoundField) -> str:
    return bound.id_for_label or f"{bound.auto_id}_0"


def _summary(bound: BoundField, *, named: bool) -> str:
    """Shorten the error to its first sentence, after the label unless the field is already `named` or the sentence names it."""
    error = FIRST_SENTENCE.split(str(bound.errors[0]), maxsplit=1)[0].removesuffix(".")
    label = str(bound.label)
    return error if named or label.lower() in error.lower() else f"{label}: {error}"
