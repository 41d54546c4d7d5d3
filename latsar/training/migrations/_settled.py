"""Triggers that keep published rules as they are. The one place of their SQL, for SQLite and PostgreSQL.

A later migration that alters one of these tables puts OFF before and ON after its operations: SQLite rebuilds a table to
change it, which would lose its triggers or stumble over one that names it.
"""

from django.db import migrations

PUBLISHED = {"training_regulationscheme": "scheme", "training_curriculum": "curriculum"}
MAY_CHANGE = ("id", "effective_to", "version", "copied_from_id")
"""What a published scheme or curriculum may still get: an end, and the count of its saves."""
PARTS = {
    "training_scorecomponent": ("scheme_id", "training_regulationscheme"),
    "training_band": ("scheme_id", "training_regulationscheme"),
    "training_phasetemplate": ("scheme_id", "training_regulationscheme"),
    "training_rubricband": ("scheme_id", "training_regulationscheme"),
    "training_agendasubject": ("curriculum_id", "training_curriculum"),
    "training_curriculumvalue": ("curriculum_id", "training_curriculum"),
}
FROZEN_IN_BATCH = ("scheme_id", "curriculum_id", "method", "golongan")

# {s} is the scheme that is being published. Weights have two decimals, so hundredths are whole numbers.
NOT_WHOLE = """
    EXISTS (SELECT 1 FROM (SELECT DISTINCT method FROM training_phasetemplate WHERE scheme_id = {s}) m
            WHERE (SELECT COALESCE(ROUND(SUM(c.weight) * 100), 0) FROM training_scorecomponent c
                   WHERE c.scheme_id = {s} AND c.parent_id IS NULL AND c.method IN ('', m.method)) <> 10000)
    OR EXISTS (SELECT 1 FROM (SELECT DISTINCT method FROM training_phasetemplate WHERE scheme_id = {s}) m
               JOIN training_scorecomponent w ON w.scheme_id = {s} AND w.method IN ('', m.method)
               JOIN training_scorecomponent p ON p.parent_id = w.id AND p.method IN ('', m.method)
               GROUP BY m.method, w.id, w.weight HAVING ROUND(SUM(p.weight) * 100) <> ROUND(w.weight * 100))
    OR EXISTS (SELECT 1 FROM training_scorecomponent p JOIN training_scorecomponent w ON w.id = p.parent_id
               WHERE p.scheme_id = {s} AND (w.scheme_id <> {s} OR w.parent_id IS NOT NULL OR w.method NOT IN ('', p.method)))
"""


def _changed(columns, differs):
    return " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in columns)


def _columns(connection, table):
    with connection.cursor() as cursor:
        found = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    return [name for name in found if name not in MAY_CHANGE]


def _parts(connection):
    """Return the tables of parts that are there already: one came with a later migration than the first triggers."""
    there = set(connection.introspection.table_names())
    return {table: facts for table, facts in PARTS.items() if table in there}


def _sqlite(connection):
    """Yield (name, statement). Rows go away in any order when a database is emptied, so taking away is watched by the services."""
    for table, word in PUBLISHED.items():
        columns = _columns(connection, table)
        yield f"settled_{word}", (
            f"CREATE TRIGGER settled_{word} BEFORE UPDATE ON {table} WHEN OLD.published_at IS NOT NULL AND ({_changed(columns, 'IS NOT')})"
            f" BEGIN SELECT RAISE(ABORT, '{word} is published'); END"
        )
    yield "settled_weights", (
        "CREATE TRIGGER settled_weights BEFORE UPDATE OF published_at ON training_regulationscheme"
        f" WHEN NEW.published_at IS NOT NULL AND OLD.published_at IS NULL AND ({NOT_WHOLE.format(s='NEW.id')})"
        " BEGIN SELECT RAISE(ABORT, 'weights are not whole'); END"
    )
    for table, (key, parent) in _parts(connection).items():
        for verb, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW"))):
            name = f"settled_{table.removeprefix('training_')}_{verb.lower()}"
            keys = ", ".join(f"{row}.{key}" for row in rows)
            yield name, (
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table}"
                f" WHEN EXISTS (SELECT 1 FROM {parent} WHERE id IN ({keys}) AND published_at IS NOT NULL)"
                " BEGIN SELECT RAISE(ABORT, 'rules are published'); END"
            )
    for verb in ("INSERT", "UPDATE"):
        name = f"settled_batch_{verb.lower()}"
        was_draft = " AND OLD.stage = 'draft'" if verb == "UPDATE" else ""
        yield name, (
            f"CREATE TRIGGER {name} BEFORE {verb} ON training_batch WHEN NEW.stage <> 'draft'{was_draft} AND"
            " (EXISTS (SELECT 1 FROM training_regulationscheme WHERE id = NEW.scheme_id AND published_at IS NULL)"
            " OR EXISTS (SELECT 1 FROM training_curriculum WHERE id = NEW.curriculum_id AND published_at IS NULL))"
            " BEGIN SELECT RAISE(ABORT, 'rules are a draft'); END"
        )
    yield "settled_batch_frozen", (
        f"CREATE TRIGGER settled_batch_frozen BEFORE UPDATE ON training_batch WHEN OLD.stage <> 'draft' AND ({_changed(FROZEN_IN_BATCH, 'IS NOT')})"
        " BEGIN SELECT RAISE(ABORT, 'rules are frozen'); END"
    )


BROKEN = "USING ERRCODE = 'integrity_constraint_violation'"


def _postgresql(connection):
    """Yield (table, name, when, function body). Deleting is refused here too; a part waits for who is publishing its whole."""
    kept = " - ".join(["to_jsonb({row})", *(f"'{name}'" for name in MAY_CHANGE)])
    for table, word in PUBLISHED.items():
        whole = f"IF NEW.published_at IS NOT NULL AND OLD.published_at IS NULL AND ({NOT_WHOLE.format(s='NEW.id')}) THEN RAISE EXCEPTION 'weights are not whole' {BROKEN}; END IF;"
        yield table, f"settled_{word}", "BEFORE UPDATE OR DELETE", (
            f"IF OLD.published_at IS NOT NULL AND (TG_OP = 'DELETE' OR {kept.format(row='OLD')} IS DISTINCT FROM {kept.format(row='NEW')})"
            f" THEN RAISE EXCEPTION '{word} is published' {BROKEN}; END IF;"
            f" IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; {whole if word == 'scheme' else ''}"
        )
    for table, (key, parent) in _parts(connection).items():
        check = (
            f"PERFORM 1 FROM {parent} WHERE id = {{row}}.{key} AND published_at IS NOT NULL FOR SHARE;"
            f" IF FOUND THEN RAISE EXCEPTION 'rules are published' {BROKEN}; END IF;"
        )
        lock = f"PERFORM 1 FROM {parent} WHERE id = {{row}}.{key} FOR SHARE;"
        yield table, f"settled_{table.removeprefix('training_')}", "BEFORE INSERT OR UPDATE OR DELETE", (
            f"IF TG_OP <> 'INSERT' THEN {lock.format(row='OLD')} {check.format(row='OLD')} END IF;"
            f" IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; {lock.format(row='NEW')} {check.format(row='NEW')}"
        )
    yield "training_batch", "settled_batch", "BEFORE INSERT OR UPDATE", (
        "IF NEW.stage <> 'draft' AND (TG_OP = 'INSERT' OR OLD.stage = 'draft') AND"
        " (EXISTS (SELECT 1 FROM training_regulationscheme WHERE id = NEW.scheme_id AND published_at IS NULL)"
        " OR EXISTS (SELECT 1 FROM training_curriculum WHERE id = NEW.curriculum_id AND published_at IS NULL))"
        f" THEN RAISE EXCEPTION 'rules are a draft' {BROKEN}; END IF;"
        f" IF TG_OP = 'UPDATE' AND OLD.stage <> 'draft' AND ({_changed(FROZEN_IN_BATCH, 'IS DISTINCT FROM')})"
        f" THEN RAISE EXCEPTION 'rules are frozen' {BROKEN}; END IF;"
    )


def off(apps, schema_editor):
    """Take the triggers away, as far as they are there."""
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'settled\\_%' ESCAPE '\\'")
            names = [name for (name,) in cursor.fetchall()]
        for name in names:
            schema_editor.execute(f'DROP TRIGGER "{name}"', params=None)
        return
    for table, name, _when, _body in _postgresql(connection):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}", params=None)
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()", params=None)


def on(apps, schema_editor):
    """Put the triggers up anew."""
    off(apps, schema_editor)
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        for _name, statement in _sqlite(connection):
            schema_editor.execute(statement, params=None)
        return
    for table, name, when, body in _postgresql(connection):
        schema_editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$", params=None
        )
        schema_editor.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()", params=None)


OFF = migrations.RunPython(off, on)
ON = migrations.RunPython(on, off)
