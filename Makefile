# The commands of the house. `make` alone lists them.
#
# Nothing has to be installed first but Rust (and, without root, Postgres, Redis and nginx): each target brings what it needs.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

CARGO ?= cargo
# Outside the clone: a build folder must not end up in an image, a backup or a search.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/e2i
export CARGO_TARGET_DIR ?= $(CACHE)/target
# What `up` and the demos build: `dev` is ready sooner, `release` runs faster.
PROFILE ?= dev
E2I = $(CARGO_TARGET_DIR)/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))/e2i
TOOLS := $(CACHE)/tools
# Module docs are read in the source as often as in the browser: they may name what is private.
RUSTDOCFLAGS ?= -D warnings -A rustdoc::private_intra_doc_links

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{ printf "  make %-16s %s\n", $$1, $$2 }'
	@printf '\nVariables: PROFILE=dev|release (now %s), CARGO_TARGET_DIR (now %s)\n' '$(PROFILE)' '$(CARGO_TARGET_DIR)'

.PHONY: build
# With --workspace dependencies have the features that they have in `cargo test --workspace`: nothing is compiled twice.
build: ## Build the program behind up and the demos
	@$(CARGO) build --locked --profile $(PROFILE) --workspace --bin e2i

.PHONY: web-app
web-app: ## Build the web app into frontend/dist, when it has changed
	@scripts/web-app.sh

# What the platform serves at /; without Node it says that there is no web app.
.PHONY: web-app-if-possible
web-app-if-possible:
	@scripts/web-app.sh --if-possible

up-native demo demo-panel: export E2I_WEB_ROOT ?= $(patsubst %/index.html,%,$(wildcard $(CURDIR)/frontend/dist/index.html))

.PHONY: up
up: ## Run the whole platform here until Ctrl-C: in containers where a Docker engine answers, else natively
	@MAKE='$(MAKE)' exec scripts/up.sh

.PHONY: up-native
up-native: build web-app-if-possible ## The same without Docker: Postgres, Redis, nginx and services as processes
	@exec $(E2I) up --stop-with-parent

.PHONY: images
images: ## Build the image of every service, named by its revision
	@scripts/images.sh

.PHONY: demo
demo: build ## Upload the NSW experiment, estimate its effect, print a report
	@exec $(E2I) demo

.PHONY: demo-panel
demo-panel: build ## The same of an invented panel: a speaker programme and new prescriptions
	@exec $(E2I) demo-panel

.PHONY: test
test: ## Run every test: real Postgres, Redis, nginx and browser, MLflow, and Python for reproduce.py
	@scripts/python-venv.sh reproduce >/dev/null
	@scripts/python-venv.sh mlflow >/dev/null
	@scripts/ensure-faketime.sh
	@scripts/ensure-tools.sh $(TOOLS) prometheus alertmanager node-exporter rsyslogd
	$(CARGO) test --workspace --locked
	@$(MAKE) --no-print-directory test-web-app

# What browser tests and screenshots of the Deployments page start: the deployer, and a history for it to tell of.
.PHONY: deployer-with-history
deployer-with-history:
	@$(CARGO) build --locked --workspace --bin e2i-deployer --example paper_history

.PHONY: test-web-app
test-web-app: build deployer-with-history web-app ## Run the tests of the web app alone: logic, then a real browser before a real platform
	@scripts/ensure-chromium.sh
	npm --prefix frontend run --silent test
	npm --prefix frontend run --silent e2e

.PHONY: format
format: ## Format the code
	$(CARGO) fmt --all

.PHONY: lint
lint: ## Check format, rules, scripts, lints, types, docs, OpenAPI drift, licences, advisories
	@scripts/ensure-tools.sh $(TOOLS) shellcheck cargo-deny
	$(CARGO) fmt --all --check
	scripts/check-rules.sh
	git ls-files -z '*.sh' .ci/run | xargs -0 shellcheck
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS='$(RUSTDOCFLAGS)' $(CARGO) doc --workspace --no-deps --locked
	scripts/openapi.sh --check
	@scripts/web-app.sh --packages
	npm --prefix frontend run --silent lint
	$(TOOLS)/bin/cargo-deny --all-features --locked check --hide-inclusion-graph bans licenses sources
	scripts/check-advisories.sh $(TOOLS)/bin/cargo-deny

.PHONY: openapi
openapi: ## Write openapi.json from the code
	scripts/openapi.sh

.PHONY: bench-causal
bench-causal: ## Time estimators and refuters, growth, memory; PEERS=1 adds the Python peers
	@$(CARGO) bench --locked --package causal --bench causal

.PHONY: red-flags
red-flags: ## Count red flags on sound and unsound data: RUNS=200 whole analyses of each sound law
	@$(CARGO) run --quiet --locked --package agents --example red_flags

.PHONY: bench-tables
bench-tables: ## Time check, upload and profile of a CSV of BENCH_GIB (2) beside the disk
	@$(CARGO) bench --locked --package tables --bench tables

.PHONY: bench-main-job
bench-main-job: ## Time upload to result, and a warm start, with release binaries
	@$(CARGO) build --locked --release --package local --bin e2i
	@$(CARGO_TARGET_DIR)/release/e2i bench-main-job

.PHONY: bench-dispatch
bench-dispatch: ## Time 20,000 no-op jobs through the whole way, latency, recovery; PEERS=1 adds other queues
	@$(CARGO) build --locked --release --package local --bin e2i
	@$(CARGO_TARGET_DIR)/release/e2i bench-dispatch $(if $(filter 1,$(PEERS)),--peers)

.PHONY: attacks
attacks: ## Run every attack of docs/ATTACKS.md and say, line by line, what became of it
	@scripts/attacks.sh

.PHONY: schemathesis
schemathesis: ## Ask a running API all that openapi.json allows and more, and hold each answer against it (3 minutes)
	@$(CARGO) build --quiet --locked --workspace --bin e2i
	@E2I=$(CARGO_TARGET_DIR)/debug/e2i scripts/schemathesis.sh

.PHONY: fuzz
fuzz: ## Fuzz what reads bytes of strangers, FUZZ_SECONDS (300) each; needs a nightly toolchain
	@scripts/ensure-tools.sh $(TOOLS) cargo-fuzz
	@TOOLS=$(TOOLS) scripts/fuzz.sh

.PHONY: chaos
chaos: ## Submit JOBS (10000) jobs under every fault drawn from SEED (1); nothing may be lost or done twice
	@scripts/ensure-faketime.sh
	@$(CARGO) build --quiet --locked --package chaos
	@$(CARGO_TARGET_DIR)/debug/chaos run

.PHONY: chaos-guards
chaos-guards: ## The same (JOBS=300) without each guard of dispatch: the checker must see loss or doubles
	@$(CARGO) build --quiet --locked --package chaos
	@for guard in claim fence; do JOBS=$${JOBS:-300} $(CARGO_TARGET_DIR)/debug/chaos run --without $$guard || exit 1; done

.PHONY: bench-gateway
bench-gateway: ## Time GET, POST and static over 64 connections, memory; PEERS=1 adds FastAPI
	@scripts/ensure-tools.sh $(TOOLS) wrk
	@$(CARGO) build --locked --release --package local --bin e2i
	@$(CARGO_TARGET_DIR)/release/e2i bench-gateway $(if $(filter 1,$(PEERS)),--peers)

.PHONY: bench-frontend
bench-frontend: web-app ## Measure the web app: first load, Lighthouse, longest tasks
	@scripts/ensure-chromium.sh
	@$(CARGO) build --locked --release --package local --bin e2i
	@E2I_PROGRAM=$(CARGO_TARGET_DIR)/release/e2i npm --prefix frontend run --silent bench

# What these two do is done by Docker: they bring an engine where none answers, and take away only the one they brought.
.PHONY: test-stack
test-stack: ## Test the containers in every tier from outside, and some releases; CASES="a b" or TIER=base|prod|dev|deploy picks
	@[ '$(TIER)' = deploy ] || scripts/stack.sh test $(if $(TIER),--tier $(TIER)) $(if $(REPORT),--report $(REPORT)) $(CASES)
	@[ '$(or $(TIER),$(if $(CASES),none,deploy))' != deploy ] || scripts/stack.sh deploy-test --ci --anew $(if $(filter deploy,$(TIER)),$(CASES))

.PHONY: bench-stack
bench-stack: ## Measure the containers: sizes, starts, rebuild, hot reload, idle memory, what nginx costs
	@scripts/ensure-tools.sh $(TOOLS) wrk
	@scripts/stack.sh bench

.PHONY: test-deploy
test-deploy: ## Release under load and under every fault, on a server of its own; CASES="a b" SEED=1 REPORT=file PATIENCE=3 (a busy machine), goes on where it was stopped
	@scripts/stack.sh deploy-test $(if $(SEED),--seed $(SEED)) $(if $(PATIENCE),--patience $(PATIENCE)) $(if $(REPORT),--report $(REPORT)) $(CASES)

.PHONY: bench-deploy
bench-deploy: ## Time a push until it is live and until it is back, beside plain docker compose under the same load; PART=pulled|built
	@scripts/stack.sh deploy-bench $(if $(PART),--part $(PART))

.PHONY: test-health
test-health: ## Kill, pause and slow each part of the containers and count what health tells of it; CASES="redis flood" REPORT=file
	@scripts/stack.sh alarms $(if $(REPORT),--report $(REPORT)) $(CASES)

.PHONY: bench-health
bench-health: ## Time how soon health tells of each part, its answers, and what a year of looks leaves; ROUNDS=1 REPORT=file (test-health's other cases too)
	@scripts/ensure-tools.sh $(TOOLS) wrk
	@scripts/stack.sh alarms-bench $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(REPORT),--report $(REPORT))

.PHONY: screenshots
screenshots: build deployer-with-history web-app ## Write docs/screenshots: every page in light, dark and on a phone
	@scripts/ensure-chromium.sh
	npm --prefix frontend run --silent screenshots

.PHONY: proof
proof: ## Write docs/PROOF.md: published values beside ours, and the benches
	scripts/proof.sh
