# `make` or `make help` lists what can be asked for. Everything runs in .venv, which `setup` makes
# from requirements.lock; PYTHON=… picks the interpreter it is made with.

BIN := .venv/bin
# A Rust installed by rustup is found even where the shell does not know it yet.
export PATH := $(HOME)/.cargo/bin:$(PATH)

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-all bench lint format lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.ready ## make .venv with everything in it (again only when the lock changed)

.venv/.ready: requirements.lock pyproject.toml scripts/setup
	@scripts/setup

demo: setup ## prove the shipped claims about Plonky3 and RISC Zero (fetches crates, needs Rust)
	$(BIN)/verify run specs/plonky3
	$(BIN)/verify run specs/risc0

test: setup ## the quick tests
	$(BIN)/python -m pytest

test-all: setup ## all tests, the slow ones too
	$(BIN)/python -m pytest -m "slow or not slow"

bench: setup ## measurements against peers, each from one run (minutes, fetches crates)
	@set -e; for script in bench/*.py; do echo "== $$script"; $(BIN)/python -m bench.$$(basename $$script .py); done

lint: setup ## ruff, its formatter, mypy --strict
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: setup ## apply the formatter and the safe fixes
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: setup ## write requirements.lock anew from pyproject.toml (fetches pip-tools)
	@scripts/lock

clean: ## remove .venv, caches and what runs left
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find specs tests -name .verify -type d -prune -exec rm -rf {} +
