"""Schemes and curricula: a draft is written, published, copied to the next version, or thrown away. Published rules keep their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from latsar.accounts import audit
from latsar.accounts.errors import IllegalMove, NotAllowed, Refused, StaleVersion
from latsar.accounts.models import User
from latsar.training import policies
from latsar.training.models import (
    AgendaSubject,
    Band,
    Batch,
    Curriculum,
    CurriculumValue,
    PhaseTemplate,
    RegulationScheme,
    RubricBand,
    ScoreComponent,
)
from latsar.training.rule_lines import (
    ComponentLine,
    CurriculumLines,
    SchemeLines,
    curriculum_clashes,
    curriculum_problems,
    lines_of_curriculum,
    lines_of_scheme,
    methods_of,
    parent_of,
    scheme_clashes,
    scheme_problems,
)
from latsar.training.weights import number
from latsar.ui import words

Rules = TypeVar("Rules", bound="RegulationScheme | Curriculum")

NOT_RULES = frozenset({"id", "version", "published_at", "published_by", "copied_from"})
DAY = timedelta(days=1)


@transaction.atomic
def save_scheme(*, scheme_id: int, version: int, facts: Mapping[str, Any], lines: SchemeLines, by: User) -> RegulationScheme:
    """Write a draft as a whole; its weights need not be whole yet. Raises StaleVersion, IllegalMove once it is published."""
    scheme = _draft(RegulationScheme, scheme_id, version, by)
    _refuse(scheme_clashes(lines))
    changes = _set_facts(scheme, facts)
    before, after = _scheme_words(lines_of_scheme(scheme)), _scheme_words(lines)
    if before != after:
        changes |= audit.difference(before, after)
        _replace_scheme_rows(scheme, lines)
    return _saved(scheme, "update_scheme", changes, by)


@transaction.atomic
def save_curriculum(*, curriculum_id: int, version: int, facts: Mapping[str, Any], lines: CurriculumLines, by: User) -> Curriculum:
    """Write a draft as a whole. Raises StaleVersion, IllegalMove once it is published."""
    curriculum = _draft(Curriculum, curriculum_id, version, by)
    _refuse(curriculum_clashes(lines))
    changes = _set_facts(curriculum, facts)
    before, after = _curriculum_words(lines_of_curriculum(curriculum)), _curriculum_words(lines)
    if before != after:
        changes |= audit.difference(before, after)
        _replace_curriculum_rows(curriculum, lines)
    return _saved(curriculum, "update_curriculum", changes, by)


@transaction.atomic
def create_scheme(*, code: str, name: str, regulation: str, effective_from: date, hours: int, by: User) -> RegulationScheme:
    """Begin an empty draft."""
    facts = {"code": code, "name": name, "regulation": regulation, "effective_from": effective_from, "hours": hours}
    return _begun(RegulationScheme(**facts), by)


@transaction.atomic
def create_curriculum(*, code: str, name: str, effective_from: date, by: User) -> Curriculum:
    """Begin an empty draft."""
    return _begun(Curriculum(code=code, name=name, effective_from=effective_from), by)


@transaction.atomic
def copy_scheme(*, scheme_id: int, by: User) -> RegulationScheme:
    """Copy every row to a new draft, the next version; the original stays as it is."""
    old = _locked(RegulationScheme, scheme_id, by)
    new = _copied(old, by)
    _replace_scheme_rows(new, lines_of_scheme(old))
    return new


@transaction.atomic
def copy_curriculum(*, curriculum_id: int, by: User) -> Curriculum:
    """Copy every row to a new draft, the next version; the original stays as it is."""
    old = _locked(Curriculum, curriculum_id, by)
    new = _copied(old, by)
    _replace_curriculum_rows(new, lines_of_curriculum(old))
    return new


@transaction.atomic
def publish_scheme(*, scheme_id: int, version: int, by: User, ends_previous: bool = False) -> RegulationScheme:
    """Settle a draft: from here on batches may open with it and nothing in it changes.

    With `ends_previous` the version it was copied from ends the day before. Raises Refused with everything that is wrong.
    """
    scheme = _draft(RegulationScheme, scheme_id, version, by)
    _refuse(scheme_problems(lines_of_scheme(scheme), vars(scheme)))
    return _published(scheme, "publish_scheme", by, ends_previous=ends_previous)


@transaction.atomic
def publish_curriculum(*, curriculum_id: int, version: int, by: User, ends_previous: bool = False) -> Curriculum:
    """Settle a draft: from here on batches may open with it and nothing in it changes."""
    curriculum = _draft(Curriculum, curriculum_id, version, by)
    _refuse(curriculum_problems(lines_of_curriculum(curriculum)))
    return _published(curriculum, "publish_curriculum", by, ends_previous=ends_previous)


@transaction.atomic
def end_rules(*, model: type[Rules], pk: int, version: int, effective_to: date | None, by: User) -> Rules:
    """Set or clear the last day of published rules; batches that are open keep them."""
    rules = _locked(model, pk, by)
    _check_version(rules, version)
    if effective_to is not None and effective_to < rules.effective_from:
        text = _("Lebih awal dari berlaku sejak %(day)s.")
        raise Refused({"effective_to": text % {"day": words.long_date(rules.effective_from)}})
    changes = audit.difference({"effective_to": rules.effective_to}, {"effective_to": effective_to})
    rules.effective_to = effective_to
    return _saved(rules, "end_rules", changes, by)


@transaction.atomic
def discard_rules(*, model: type[Rules], pk: int, version: int, by: User) -> None:
    """Throw a draft away that no batch uses. Raises IllegalMove once it is published, Refused while a batch uses it."""
    rules = _draft(model, pk, version, by)
    key = "scheme" if isinstance(rules, RegulationScheme) else "curriculum"
    used = Batch.objects.filter(**{key: rules}).count()
    if used:
        raise Refused(_("%(count)d angkatan memakai konsep ini. Pindahkan dahulu ke versi lain.") % {"count": used})
    audit.record(verb="discard_rules", obj=rules, by=by, changes={"code": [rules.code, None], "name": [rules.name, None]})
    rules.delete()


def _locked(model: type[Rules], pk: int, by: User) -> Rules:
    if not policies.can_edit_rules(by):
        raise NotAllowed
    rules: Rules | None = model._default_manager.select_for_update(of=("self",)).filter(pk=pk).first()  # type: ignore[assignment]  # either table
    if rules is None:
        raise NotAllowed
    return rules


def _draft(model: type[Rules], pk: int, version: int, by: User) -> Rules:
    rules = _locked(model, pk, by)
    if rules.published_at is not None:
        raise IllegalMove(_("%(name)s sudah diterbitkan, jadi tidak berubah lagi. Salin menjadi versi baru.") % {"name": rules})
    _check_version(rules, version)
    return rules


def _check_version(rules: RegulationScheme | Curriculum, version: int) -> None:
    if rules.version != version:
        raise StaleVersion(_("Aturan ini baru saja diubah orang lain. Muat ulang halamannya, lalu ulangi perubahan Anda."))


def _refuse(problems: list[str]) -> None:
    if problems:
        raise Refused(problems)


def _set_facts(rules: RegulationScheme | Curriculum, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    names = [name for name in facts if name not in NOT_RULES]
    before = audit.snapshot(rules, names)
    for name in names:
        setattr(rules, name, facts[name])
    return audit.difference(before, audit.snapshot(rules, names))


def _saved(rules: Rules, verb: str, changes: dict[str, list[Any]], by: User) -> Rules:
    if not changes:
        return rules
    rules.version += 1
    _save(rules)
    audit.record(verb=verb, obj=rules, by=by, changes=changes)
    return rules


def _save(rules: RegulationScheme | Curriculum) -> None:
    try:
        with transaction.atomic():
            rules.save()
    except IntegrityError as error:
        if type(rules)._default_manager.filter(code=rules.code).exclude(pk=rules.pk).exists():
            raise Refused({"code": _("Kode ini sudah dipakai. Pilih kode lain.")}) from error
        raise Refused(_("Basis data menolak aturan ini. Periksa lagi isinya.")) from error


def _begun(rules: Rules, by: User) -> Rules:
    if not policies.can_edit_rules(by):
        raise NotAllowed
    _save(rules)
    audit.record(verb="create_rules", obj=rules, by=by, changes={"code": [None, rules.code], "name": [None, rules.name]})
    return rules


def _copied(old: Rules, by: User) -> Rules:
    model = type(old)
    facts = {
        field.name: getattr(old, field.attname if field.is_relation else field.name)
        for field in model._meta.concrete_fields
        if field.name not in NOT_RULES
    }
    base = old.code.partition("--")[0][:24]
    taken = set(model._default_manager.filter(code__startswith=base).values_list("code", flat=True))
    turn = next(n for n in range(2, 1000) if f"{base}--{n}" not in taken)
    facts |= {"code": f"{base}--{turn}", "name": _("%(name)s, versi %(n)d") % {"name": old.name.partition(", versi ")[0], "n": turn}}
    new = model(**facts, copied_from=old)
    new.effective_to = None
    new.save(force_insert=True)
    audit.record(verb="copy_rules", obj=new, by=by, changes={"code": [old.code, new.code]})
    return new


def _published(rules: Rules, verb: str, by: User, *, ends_previous: bool) -> Rules:
    rules.published_at, rules.published_by = timezone.now(), by
    rules.version += 1
    _save(rules)
    audit.record(verb=verb, obj=rules, by=by, changes={"published_at": [None, rules.published_at]})
    previous = rules.copied_from
    if ends_previous and previous is not None and previous.published_at is not None:
        last = rules.effective_from - DAY
        if last < previous.effective_from:
            text = _("%(name)s baru berlaku %(day)s, jadi tidak bisa berakhir sehari sebelumnya. Ubah berlaku sejak.")
            raise Refused(text % {"name": previous, "day": words.long_date(previous.effective_from)})
        changes = audit.difference({"effective_to": previous.effective_to}, {"effective_to": last})
        previous.effective_to = last
        _saved(previous, "end_rules", changes, by)
    return rules


def _replace_scheme_rows(scheme: RegulationScheme, lines: SchemeLines) -> None:
    """Write the rows anew: nothing points at those of a draft. A top component is there before its parts."""
    scheme.components.all().delete()
    scheme.bands.all().delete()
    scheme.phase_templates.all().delete()
    scheme.rubric.all().delete()
    made: dict[int, ScoreComponent] = {}
    for line in sorted(lines.components, key=lambda one: bool(one.parent)):
        parent = parent_of(line, lines.components)
        made[id(line)] = ScoreComponent.objects.create(
            scheme=scheme, order=_place(line, lines), parent=made.get(id(parent)) if parent else None, **_without(line, "parent")
        )
    Band.objects.bulk_create(Band(scheme=scheme, **vars(line)) for line in lines.bands)
    RubricBand.objects.bulk_create(RubricBand(scheme=scheme, **vars(line)) for line in lines.rubric)
    PhaseTemplate.objects.bulk_create(
        PhaseTemplate(scheme=scheme, order=n, **vars(line))
        for method in methods_of(lines.phases)
        for n, line in enumerate([one for one in lines.phases if one.method == method], 1)
    )


def _place(line: ComponentLine, lines: SchemeLines) -> int:
    return next(n for n, one in enumerate(lines.components, 1) if one is line)


def _without(line: Any, name: str) -> dict[str, Any]:
    return {key: value for key, value in vars(line).items() if key != name}


def _replace_curriculum_rows(curriculum: Curriculum, lines: CurriculumLines) -> None:
    curriculum.values.all().delete()
    curriculum.subjects.all().delete()
    CurriculumValue.objects.bulk_create(
        CurriculumValue(curriculum=curriculum, order=n, name=name) for n, name in enumerate(lines.values, 1)
    )
    AgendaSubject.objects.bulk_create(
        AgendaSubject(
            curriculum=curriculum, method=method, order=n, agenda=line.agenda, name=line.name, hours=hours,
            is_verified=line.is_verified, source=line.source,
        )
        for n, line in enumerate(lines.subjects, 1)
        for method, hours in line.hours.items()
    )  # fmt: skip


def _scheme_words(lines: SchemeLines) -> dict[str, str]:
    """Write the rows as the trail keeps them: every fact that can differ."""
    return {
        "components": "; ".join(_told(line, f"{line.code} {number(line.weight)}") for line in lines.components),
        "bands": "; ".join(_told(line, f"{line.name} > {number(line.above)}") for line in lines.bands),
        "phase_templates": "; ".join(_told(line, f"{line.method}/{line.name} {line.length}") for line in lines.phases),
        "rubric": "; ".join(_told(line, f"{line.code} {number(line.lowest)} {line.words}") for line in lines.rubric),
    }


def _curriculum_words(lines: CurriculumLines) -> dict[str, str]:
    subjects = (_told(line, f"{line.name} " + " ".join(f"{m} {h}" for m, h in sorted(line.hours.items()))) for line in lines.subjects)
    return {"values": "; ".join(lines.values), "subjects": "; ".join(subjects)}


def _told(line: Any, head: str) -> str:
    """Write a line so that two that differ in anything are written differently."""
    rest = [
        f"{name}={_plain(value)}"
        for name, value in vars(line).items()
        if name not in ("code", "weight", "above", "length", "hours", "lowest", "words") and value
    ]
    return f"{head} ({', '.join(rest)})"


def _plain(value: Any) -> str:
    return number(value) if hasattr(value, "normalize") else str(value)
