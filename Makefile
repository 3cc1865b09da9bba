# Everything a person does with a checkout. `make` alone prints the targets.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# The suite and its tests start hundreds of processes; without bytecode each of them would compile all of it anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help
help: ## Print the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/.python
	@echo "installing what the suite needs into $(VENV)/ (once, a minute or two) …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/.runtime
	@echo "installing what tests and checks need …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# What `make demo` prints belongs to the command; these rules only see that it can run.
.PHONY: demo
demo: $(VENV)/.runtime ## Run the story of one document and keep serving (ONCE=1 ends after it, FILE=path brings your own)
	@$(BIN)/yiwang demo $(if $(ONCE),--once) $(if $(FILE),--file "$(FILE)")

.PHONY: run
run: $(VENV)/.runtime ## Serve everything in one process on http://127.0.0.1:8000, without the story
	@$(BIN)/yiwang demo --no-story $(ARGS)

.PHONY: up-local
up-local: $(VENV)/.runtime ## Run every service and role as a process of its own on a private broker
	@$(BIN)/yiwang up $(ARGS)

.PHONY: env
env: $(VENV)/.runtime ## Write .env with fresh secrets for compose.yaml, once
	@$(BIN)/yiwang env $(ARGS)

.PHONY: bench
bench: $(VENV)/.dev ## Measure against limits taken in the same run; writes bench.json
	@$(BIN)/python -m tests.bench $(ARGS)

.PHONY: clean-data
clean-data: ## Remove what demo and run have stored (.yiwang/)
	rm -rf .yiwang

LAYERS := unit contract service e2e chaos
# Tests wait for servers about as much as they compute, so more run at once than there are cores; a file stays with
# one of them, and the order is that of tests/conftest.py.
WORKERS ?= 3
AT_ONCE = -n $(WORKERS) --dist loadfile --no-loadscope-reorder

.PHONY: test $(LAYERS:%=test-%)
test: $(VENV)/.dev ## Run all tests, quick layers first (ARGS="-k name" for some; test-unit, test-service … for one layer)
	@$(BIN)/python -m pytest $(AT_ONCE) $(ARGS)

$(LAYERS:%=test-%): test-%: $(VENV)/.dev
	@$(BIN)/python -m pytest $(AT_ONCE) -m $* $(ARGS)

EXAMPLES ?= 60
.PHONY: fuzz
fuzz: $(VENV)/.dev ## Ask every operation EXAMPLES times with requests made from its description, others each time
	@YIWANG_FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest tests/contract/test_schemathesis.py $(ARGS)

.PHONY: lint
lint: $(VENV)/.dev ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

.PHONY: format
format: $(VENV)/.dev ## Put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: types
types: $(VENV)/.dev ## Check the types
	$(BIN)/mypy

.PHONY: imports
imports: $(VENV)/.dev ## Check who may import whom
	$(BIN)/lint-imports

.PHONY: lock
lock: ## Resolve the dependencies anew into the two lock files (needs uv)
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock
