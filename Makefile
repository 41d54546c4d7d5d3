PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
export DJANGO_SETTINGS_MODULE ?=
ifeq ($(DJANGO_SETTINGS_MODULE),)
unexport DJANGO_SETTINGS_MODULE
endif

.DEFAULT_GOAL := help
.PHONY: help run test lint fix types messages seed bench pins screenshots ci

help: ## Daftar perintah
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: .venv/.runtime ## Portal lengkap di http://127.0.0.1:8000 (make run PORT=8123)
	@deploy/system-libraries.sh run
	@exec $(BIN)/python manage.py portal --port $(PORT) --prepare

test: .venv/.dev ## Semua pemeriksaan dan seluruh tes
	@deploy/system-libraries.sh test
	@$(MAKE) --no-print-directory -j2 lint types
	@$(BIN)/python tests/run.py $(TESTS)

lint: .venv/.dev ## ruff, djlint, arah impor, migrasi
	$(BIN)/ruff check -q .
	$(BIN)/ruff format -q --check .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/lint-imports --no-cache > build/imports.log 2>&1 || (cat build/imports.log; false)
	DJANGO_SETTINGS_MODULE=latsar.settings.test $(BIN)/python manage.py makemigrations --check --dry-run -v 0

fix: .venv/.dev ## Rapikan kode
	$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .

types: .venv/.dev ## mypy
	$(BIN)/mypy --no-error-summary latsar participants mentoring aktualisasi

messages: .venv/.dev ## Kumpulkan dan susun terjemahan
	$(BIN)/python manage.py makemessages -l en --no-location --no-wrap --no-obsolete -i 'build/*' -i 'tests/*' -i 'var/*' -i '.venv/*' -i 'templates/documents/*'
	$(BIN)/python manage.py compilemessages -l en -i .venv

seed: .venv/.runtime ## Muat data rujukan dan data contoh
	$(BIN)/python manage.py migrate -v 0
	$(BIN)/python manage.py load_reference
	$(BIN)/python manage.py load_demo

bench: .venv/.dev ## Ukur kecepatan (make bench NAME=import)
	$(BIN)/python manage.py bench $(NAME) --json

screenshots: .venv/.dev ## Gambar layar untuk README dan panduan
	$(BIN)/python docs/screenshots.py

pins: .venv/.dev ## Perbarui versi yang dikunci
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-annotate --no-header --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --no-annotate --no-header --python-version 3.11 requirements-dev.in -o requirements-dev.txt

ci: ## Yang dijalankan CI
	bash .ci/run

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt | .venv/bin/python
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt > .venv/pip.log 2>&1 || (cat .venv/pip.log; false)
	@$(BIN)/python -c 'import django, celery, weasyprint' 2>/dev/null || (deploy/system-libraries.sh run && $(BIN)/python -c 'import django, celery, weasyprint')
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.runtime
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt > .venv/pip.log 2>&1 || (cat .venv/pip.log; false)
	@$(BIN)/python -c 'import pytest, playwright'
	@mkdir -p build
	@touch $@
