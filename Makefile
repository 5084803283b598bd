# Everything starts here: `make` alone lists the targets.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run test fuzz check watch bench gen build deploy clean

# Without -p, so that every target builds the same features and the dependencies once.
WEALTH := cargo run -q --bin wealth --
LAMBDA := .local/venv-lambda/bin
SAM    := $(CURDIR)/.local/venv-sam/bin/sam
FUNCTIONS := -p products -p rates -p users -p audit -p jobs

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start database and server with demo data on http://127.0.0.1:9000 (PORT, DATABASE_URL)
	@cargo build --bin wealth
	@exec target/debug/wealth dev

# Laws are tried with the same cases each time, so that a run says something about the change; `make fuzz` looks for new ones.
test: export PROPTEST_RNG_SEED = 20251121
test: ## prove everything that can be proven without AWS
	@.ci/tools test
	cargo build --workspace --bins
	PATH="$(CURDIR)/.local/bin:$$PATH" $(WEALTH) with-postgres -- cargo test --workspace
	WEALTH_TEST_THROUGH=pgbouncer PATH="$(CURDIR)/.local/bin:$$PATH" $(WEALTH) with-postgres -- cargo test --workspace --test http

fuzz: ## send 100,000 bad inputs to every operation (BAD_INPUTS, NAUGHTY_STRINGS), race 10,000 refreshes (REFRESH_RACES), try laws (LAW_CASES), kill the database (CRASHES, TERMINATIONS)
	@.ci/tools test
	PROPTEST_CASES=$${LAW_CASES:-20000} cargo test --release -p wealth-core --lib
	BAD_INPUTS=$${BAD_INPUTS:-100000} $(WEALTH) with-postgres -- \
	  cargo test --workspace --test contract -- bad_input --nocapture
	REFRESH_RACES=$${REFRESH_RACES:-10000} $(WEALTH) with-postgres -- \
	  cargo test --workspace --test http -- users::races --nocapture
	CRASHES=$${CRASHES:-60} TERMINATIONS=$${TERMINATIONS:-2400} cargo test --workspace --test crash -- --nocapture

check: ## format, compile and lint, without running anything
	cargo fmt --check
	cargo clippy --workspace --all-targets -- -D warnings

watch: ## serve the Lambda functions on http://127.0.0.1:9000, rebuilt when a file changes
	@.ci/tools watch
	@cargo build --bin wealth
	@PATH="$(CURDIR)/$(LAMBDA):$$PATH" exec target/debug/wealth with-database -- \
	  cargo lambda watch --offline -A 127.0.0.1 -P $${PORT:-9000}

bench: ## measure, each figure next to its limit or peer (SECTIONS="latency lambda", or million)
	@.ci/tools bench
# The functions apart, as `make build` has them: what tests and tools need adds features.
	cargo build --release $(FUNCTIONS) --bins
	cargo build --release -p tests -p wealth --bin wealth
	target/release/wealth with-postgres -- cargo bench -p tests --bench figures -- $(SECTIONS)

gen: ## write the generated files: docs/openapi, docs/errors.md, sql/schema.sql
	@$(WEALTH) openapi
	@$(WEALTH) errors-doc
	@$(WEALTH) schema

build: ## build the release zips of the functions in target/lambda
	@.ci/tools build
	@.ci/build $(FUNCTIONS)

deploy: build ## build, then deploy infra/ with SAM (CONFIG=default|prod, AWS credentials)
	@.ci/tools deploy
	cd infra && SAM_CLI_TELEMETRY=0 $(SAM) deploy --config-env $${CONFIG:-default}

clean: ## remove what was built, the local database and the tools
	rm -rf .local target
