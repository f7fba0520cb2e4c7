# Every command of the project. Each target is one script in .make/, so that it also runs and reads well alone.
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run test lint bench assets lock clean
ARGS ?=
PORT ?= 8000
SIZE ?= 100k
export PORT SIZE

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Set up what is missing and serve the demonstration site (PORT=8000)
	@exec .make/run

test: ## Run every check: SQLite, PostgreSQL, Redis, a real worker, a real browser (ARGS="tests/x -k y")
	@exec .make/test $(ARGS)

lint: ## Check style, types and the import contracts
	@exec .make/lint

bench: ## Measure against the targets and write var/bench.json (SIZE=100k, 1m or 10m; ARGS="-k ledger")
	@exec .make/bench $(ARGS)

assets: ## Build static/build/ from static/src/ and the npm packages
	@exec .make/assets

lock: ## Pin requirements/*.txt and package-lock.json again (ARGS=--upgrade)
	@exec .make/lock $(ARGS)

clean: ## Remove everything that is built; var/ with the demonstration data stays
	@rm -rf .venv node_modules static/build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
