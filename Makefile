# What can be done here: make help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .tools
VENDOR := outreach/web/static/vendor
PIP := $(BIN)/python -m pip --disable-pip-version-check
PYTEST_ARGS ?= -n 2 --dist loadfile --no-loadscope-reorder
DEMO_ARGS ?=

# Node and npm of the virtual environment are used where the machine has none.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help run test check format pytest bench bench-readability bench-replies wheel front-end screenshots constraints clean

help: ## Show what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.runtime ## Install, play the sample portfolio, serve the console (no root, no keys, no server)
	$(BIN)/outreach demo $(DEMO_ARGS)

test: check pytest ## Set up all that the tests need, then run every check and every test

check: $(VENV)/.testing ## Format, lint, types and imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

pytest: $(VENV)/.testing $(TOOLS)/.ready ## Every test; narrow it with PYTEST_ARGS="tests/unit -x"
	@.ci/system-packages
	$(BIN)/pytest $(PYTEST_ARGS)

format: $(VENV)/.testing ## Write the code in the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.runtime ## Measure the speed of the import
	$(BIN)/outreach bench

bench-readability: $(VENV)/.runtime ## Measure the readability check against texts of others (BENCH_ARGS="--data DIR --json")
	$(BIN)/outreach bench readability $(BENCH_ARGS)

bench-replies: $(VENV)/.runtime ## Judge how replies are understood on those that nobody tuned on (BENCH_ARGS="--wrong --json")
	$(BIN)/outreach bench replies $(BENCH_ARGS)

wheel: $(VENV)/.venv ## Build the wheel into dist/
	$(PIP) wheel --quiet --no-deps --wheel-dir dist .
	@ls -l dist/*.whl

front-end: $(VENDOR)/stamp.txt ## Fetch the pinned front-end files

screenshots: $(VENV)/.testing ## Make the pictures of README and handbook again
	$(BIN)/python -m docs.screenshots

constraints: $(VENV)/.testing ## Write the versions that are installed now to constraints.txt
	@.ci/write-constraints $(BIN)/python > constraints.new
	@mv constraints.new constraints.txt

clean: ## Remove all that was installed or built; the data in var/ stays
	rm -rf $(VENV) $(TOOLS) $(VENDOR) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.venv:
	@.ci/make-venv $(PYTHON) $(VENV)
	@touch $@

$(VENDOR)/stamp.txt: frontend/package.json frontend/fonts.css frontend/build.py | $(VENV)/.venv
	@need=$$($(BIN)/python frontend/build.py --needs-node); \
	if [ -n "$$need" ]; then echo "No Node on this machine: installing $$need into $(VENV)"; \
	  $(PIP) install --quiet "$$need"; hash -r; fi; \
	$(BIN)/python frontend/build.py
	@touch $@

$(VENV)/.runtime: pyproject.toml constraints.txt hatch_build.py $(VENDOR)/stamp.txt | $(VENV)/.venv
	@echo "Installing what the product needs into $(VENV)"
	@$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.testing: pyproject.toml constraints.txt hatch_build.py $(VENDOR)/stamp.txt | $(VENV)/.venv
	@echo "Installing what the product and its tests need into $(VENV)"
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[test]'
	@touch $(VENV)/.runtime $@

$(TOOLS)/.ready: tests/tools/package.json tests/tools/package-lock.json $(VENDOR)/stamp.txt | $(VENV)/.venv
	@echo "Installing the provider mock and the accessibility rules into $(TOOLS)"
	@need=$$($(BIN)/python frontend/build.py --needs-node); [ -z "$$need" ] || $(PIP) install --quiet "$$need"
	@mkdir -p $(TOOLS)
	@cp tests/tools/package.json tests/tools/package-lock.json $(TOOLS)
	@cd $(TOOLS) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
