# Everything a developer or a newcomer runs. `make help` lists it.
#
# Each target installs what it lacks and says so; on Debian and Ubuntu that needs root or sudo.

SHELL := /bin/bash
.DEFAULT_GOAL := help
CARGO ?= cargo

# Most tests wait for a server most of the time: more of them at once than there are cores.
export RUST_TEST_THREADS ?= 8

.PHONY: help
help: ## Show this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build-deps
build-deps:
	@scripts/install-build-deps.sh

.PHONY: test-servers
test-servers: build-deps
	@scripts/install-test-servers.sh

.PHONY: bench-peers
bench-peers:
	@scripts/install-bench-peers.sh

.PHONY: browser
browser:
	@scripts/install-browser.sh

.PHONY: page
page: ## Build the web page, which the server has in it when it is compiled next (needs Node)
	@scripts/front-end.sh build

.PHONY: page-if-node
page-if-node:
	@scripts/front-end.sh --if-node build

.PHONY: run
run: build-deps page-if-node ## Build and start the server on http://127.0.0.1:8000 (ARGS="--port 0" and the like)
	$(CARGO) run --release --bin connection-manager -- $(ARGS)

.PHONY: demo
demo: test-servers page-if-node ## Show the main job on throw-away SSH and FTP servers, then leave it running
	$(CARGO) build --release -p connection-http --bin connection-manager \
	  -p connection-tests --bin demo-servers
	@scripts/demo.sh

.PHONY: test
test: test-servers bench-peers browser page ## Run every test against real servers on loopback, and the journeys in a browser
	@CARGO='$(CARGO)' scripts/rust-tests.sh
	$(MAKE) --no-print-directory e2e

.PHONY: e2e
e2e: test-servers browser page ## Drive the web page in Chromium against real servers
	$(CARGO) build --workspace --bin connection-manager --bin browser-servers
	@scripts/front-end.sh e2e

.PHONY: soak
soak: test-servers ## Move gigabytes over one SSH connection, past every exchange of keys (minutes)
	TMPDIR=/dev/shm $(CARGO) test -p connection-core --lib -- --ignored --nocapture \
	  --test-threads=1 ssh::tests::soak

.PHONY: check
check: build-deps ## Formatting, lints, documentation, dependency directions, stale files
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --document-private-items
	$(CARGO) test --workspace --test architecture --test openapi
	@scripts/check-dependencies.sh
	@scripts/front-end.sh check

# With ARGS it measures what they say and prints it; without, everything, and writes the report.
.PHONY: bench
bench: test-servers bench-peers ## Measure beside OpenSSH, Paramiko, rclone, lftp and curl, write BENCHMARKS.md
	$(CARGO) build --release --workspace --bin connection-manager --bin bench
	target/release/bench $(if $(ARGS),$(ARGS),--output BENCHMARKS.md)

.PHONY: bench-quick
bench-quick: test-servers bench-peers ## Try that all of the bench works, with small sizes; the figures mean nothing
	$(CARGO) build --workspace --bin connection-manager --bin bench
	target/debug/bench --quick $(ARGS)

.PHONY: openapi
openapi: build-deps ## Write frontend-contract/openapi.json and the client's types anew from the code
	$(CARGO) run --bin connection-manager -- --print-openapi > frontend-contract/openapi.json.new
	mv frontend-contract/openapi.json.new frontend-contract/openapi.json
	@scripts/front-end.sh --if-node types
