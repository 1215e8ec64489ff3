# make demo   the plan of an example patient, on a fresh machine with Python 3.11+
# make test   every check
# `make help` lists the rest. Each target sets up .venv first; that is quick when nothing has changed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --keep-going # one failed check does not hide the others

BIN := .venv/bin
AS_OF := 2026-11-20

.PHONY: help setup demo test lint types layers content node unit docs serve-docs bench mutate compile wheel lock format clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

setup: ## .venv with the locked packages and the project
	@python="$(PYTHON)"; [ -n "$$python" ] || python=$$(tools/find-python) || exit 1; "$$python" tools/setup.py

demo: setup ## the plan of an adult with severe, refractory disease
	@$(BIN)/atopy plan examples/adult-severe.yaml --as-of $(AS_OF)

# ---- checks: `make test` runs them all, cheap ones first -----------------------------------------------------------

test: setup lint types layers content unit docs ## every check
	@echo "All checks passed."

lint: setup ## style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup ## mypy --strict
	$(BIN)/mypy --strict src

layers: setup ## a package imports only from the layers below it
	$(BIN)/lint-imports --no-logo

content: setup ## the guideline content: schema, sources, predicates
	$(BIN)/atopy guideline check

node: setup ## Node and npm for the stages that run CQL and validate FHIR: installed as root, or named as missing
	@$(BIN)/python tools/node.py

unit: setup node ## tests, with coverage of lines and branches; what was skipped, and why, is listed at the end
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term

docs: setup ## the documentation, built strictly into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# ---- the rest ------------------------------------------------------------------------------------------------------

serve-docs: setup ## the documentation at http://127.0.0.1:8000, rebuilt on change
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve

bench: setup ## speed, with the machine named
	$(BIN)/python benchmarks/run.py

mutate: setup ## break the content in every stated way, and write what catches it into docs/mutations.md
	$(BIN)/python tools/mutate.py

compile: setup ## compile the guideline content into build/
	$(BIN)/python tools/compile_content.py

wheel: setup ## a wheel with the compiled content, in dist/
	$(BIN)/python -m pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

format: setup ## reformat the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: setup ## resolve the dependencies anew into requirements/dev.txt
	$(BIN)/python tools/lock.py

clean: ## remove what was built or cached, .venv too
	rm -rf .venv dist build site htmlcov .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache \
	    .import_linter_cache .hypothesis .cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
