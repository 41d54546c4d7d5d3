"""Writing thousands of new rows at once: COPY on PostgreSQL, bulk_create elsewhere, the same rows either way."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from operator import itemgetter
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState
from django.utils import timezone

Row = TypeVar("Row", bound=models.Model)

_BLANK: dict[type, str] = {dict: "{}", list: "[]"}
BATCH_ROWS = 500  # in one INSERT where there is no COPY


def insert_rows(model: type[Row], rows: Iterable[Row], *, keys: bool = False) -> None:
    """Insert unsaved rows, which may come one by one but must not ask the database meanwhile; with `keys` each gets its primary key.

    Runs in the caller's transaction and raises IntegrityError as bulk_create does; wrap it in atomic() to go on after one.
    """
    if keys:
        rows = list(rows)
    if isinstance(rows, list) and not rows:
        return
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows, batch_size=BATCH_ROWS)
        return
    fields = [field for field in model._meta.concrete_fields if (keys or not field.primary_key) and not field.generated]
    if keys:
        assert isinstance(rows, list)
        _number(model, rows)
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    read = itemgetter(*(field.attname for field in fields))
    converters = [(place, convert) for place, field in enumerate(fields) if (convert := _converter(field))]
    order = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(order) as copy:  # type: ignore[attr-defined]
        for row in rows:
            values = list(read(row.__dict__))
            for place, convert in converters:
                values[place] = convert(values[place])
            copy.write_row(values)


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the search for cycles while many rows are built that have none: it would walk all of them again and again.

    What nobody refers to is still freed at once. For work of a second or two; whoever paused it first lets it go on.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class AnyOf(models.Lookup):  # type: ignore[type-arg]  # generic for the checker alone
    """Match a text column against thousands of texts given as one parameter; a long IN takes longer to write than to answer.

    To be given to filter(): `filter(AnyOf(F("nip"), nips))`.
    """

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, parameters = self.process_lhs(compiler, connection)
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", [*parameters, list(self.rhs)]
        return f"{column} IN (SELECT value FROM json_each(%s))", [*parameters, json.dumps(list(self.rhs))]  # noqa: S608 - a column


def rows_like(pattern: Row) -> Callable[..., Row]:
    """Return a maker of unsaved rows that equal `pattern` but for the columns given, by attname, as in `satker_id`.

    It goes past the constructor, which costs more than everything else where ten thousand rows are made. Columns that are
    not given share the pattern's value, a dictionary or a list included: give those anew where they are written to.
    """
    model = type(pattern)
    shared = {name: value for name, value in pattern.__dict__.items() if name != "_state"}

    def make(**columns: Any) -> Row:
        row = model.__new__(model)
        row.__dict__ = {**shared, **columns, "_state": ModelState()}
        return row

    return make


def _number(model: type[Row], rows: Sequence[Row]) -> None:
    """Take the keys from the table's own sequence, so that they stay unique under concurrency."""
    key = model._meta.pk
    assert key is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [model._meta.db_table, key.column, len(rows)]
        )
        for row, (number,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = number
            row._state.adding = False  # noqa: SLF001 - what bulk_create does too


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """Turn a value into what psycopg takes, where it would not take it as it is."""
    if isinstance(field, models.JSONField):
        encode = (field.encoder or json.JSONEncoder)().encode
        return lambda value: None if value is None else encode(value) if value else _BLANK.get(type(value)) or encode(value)
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        now = timezone.now()
        return lambda _value: now
    if field.choices:
        return lambda value: value.value if isinstance(value, Enum) else value
    return None
