# `make` alone lists what there is to make.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

# Clients of other makes, for the tests in tests/compat.
SAGEMAKER_EMULATOR_AWSCLI ?= $(abspath $(VENV))/clients/bin/aws
export SAGEMAKER_EMULATOR_AWSCLI

.DEFAULT_GOAL := help
.PHONY: help serve test inprocess compat apart terraform test-cdk crash bench soak budgets check lint types imports generated model docs image-test contract clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  %-14s %s\n", $$1, $$2}'

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/serve: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/dev: $(BIN)/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ $(VENV)/serve

# cfn-lint carries the schemas of CloudFormation's registry. It is read as an archive, and not installed.
CFN_LINT := $(VENV)/cfn_lint-1.58.0-py3-none-any.whl
$(CFN_LINT): $(BIN)/python
	$(BIN)/python -m pip download --quiet --no-deps --dest $(VENV) cfn-lint==1.58.0

$(VENV)/bench: $(VENV)/dev
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	@touch $@

# The AWS CLI pins a botocore that is not ours, and so has an environment of its own; so have the libraries of tests/apart.
$(VENV)/awscli: $(BIN)/python
	$(PYTHON) -m venv $(VENV)/clients
	$(VENV)/clients/bin/python -m pip install --quiet awscli
	@touch $@

$(VENV)/others: $(BIN)/python pyproject.toml
	$(PYTHON) -m venv $(VENV)/apart
	$(VENV)/apart/bin/python -m pip install --quiet --editable . aiobotocore boto3 pytest 'testcontainers>=4.13'
	@touch $@

# AWS's contract tests bring much with them, and so have an environment of their own.
$(VENV)/contract-tests: $(BIN)/python
	$(PYTHON) -m venv $(VENV)/contract
	$(VENV)/contract/bin/python -m pip install --quiet cloudformation-cli==0.2.41 'jsonschema<4.26'
	@touch $@

serve: $(VENV)/serve ## Set everything up and serve
	@exec $(BIN)/sagemaker-emulator serve

test: $(VENV)/dev $(VENV)/awscli ## Set everything up and run the tests
	$(BIN)/python -m pytest --numprocesses auto

inprocess: $(VENV)/dev ## Run the behaviour tests without a socket, by the wire and by the fast lane
	$(BIN)/python -m pytest tests/behaviour tests/inprocess --transport=inprocess
	$(BIN)/python -m pytest tests/behaviour tests/fastlane --transport=fast

compat: $(VENV)/dev $(VENV)/awscli ## Run the tests with real clients alone
	$(BIN)/python -m pytest tests/compat

apart: $(VENV)/others ## Run the tests with libraries that have an environment of their own
	$(VENV)/apart/bin/python -m pytest tests/apart

terraform: $(VENV)/dev ## Run the tests with Terraform that take minutes; RECORD=yes records anew what it asks
	$(BIN)/python -m pytest -m slow tests/compat/terraform tests/docs $(if $(RECORD),--update-golden)

contract: $(VENV)/dev $(VENV)/contract-tests ## Run AWS's contract tests on every resource type
	SAGEMAKER_EMULATOR_CONTRACT=$(abspath $(VENV))/contract/bin/python $(BIN)/python -m pytest -m slow tests/contract

# The CDK comes from npm, into a directory of its own.
CDK := $(VENV)/cdk
$(CDK)/installed: fixtures/cdk/package.json
	mkdir -p $(CDK)
	cp fixtures/cdk/package.json $(CDK)
	npm install --prefix $(CDK) --no-package-lock --no-audit --no-fund --loglevel=error
	@touch $@

test-cdk: $(VENV)/dev ## Deploy the app of fixtures/cdk with the CDK, in every way (node, npm)
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(CDK)/installed; else echo "skipped: there is no npm"; fi
	SAGEMAKER_EMULATOR_CDK=$(abspath $(CDK)) $(BIN)/python -m pytest -m slow tests/compat/cdk

bench: $(VENV)/bench ## Measure beside moto, Stubber and the floors, and write docs/performance.md
	$(BIN)/python -m benchmarks --write
	$(BIN)/python tools/generate_docs.py

SECONDS ?= 3600
soak: $(VENV)/dev ## Load it for SECONDS=3600: no error, flat memory; a full hour is written to docs/soak.md
	$(BIN)/python -m benchmarks.soak --seconds $(SECONDS) $(if $(filter 3600,$(SECONDS)),--write)

budgets: $(VENV)/dev ## Count the instructions until the first answer (valgrind)
	$(BIN)/python -m pytest -m slow tests/budgets

crash: $(VENV)/dev ## Kill a server that keeps its state, 200 times, and look for what is lost
	$(BIN)/python -m pytest -m crash tests/durability

image-test: $(VENV)/dev ## Build the image and try it (Linux, root, buildah, debootstrap)
	bash tools/image.sh $(BIN)/python

check: lint types imports generated test ## All that must hold: lint, types, architecture, generated files, tests

lint: $(VENV)/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/dev
	$(BIN)/mypy

imports: $(VENV)/dev
	$(BIN)/lint-imports

generated: $(VENV)/dev $(CFN_LINT)
	$(BIN)/python tools/generate_model.py --check
	$(BIN)/python tools/generate_registry.py $(CFN_LINT) --check
	$(BIN)/python tools/generate_docs.py --check

docs: $(VENV)/dev ## Generate the pages and tables that the code decides
	$(BIN)/python tools/generate_docs.py

model: $(VENV)/dev $(CFN_LINT) ## Generate the compact service model and the resource schemas
	$(BIN)/python tools/generate_model.py
	$(BIN)/python tools/generate_registry.py $(CFN_LINT)

clean: ## Remove what the other targets made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
