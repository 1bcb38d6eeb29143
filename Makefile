# Everything a developer runs. uv is found on PATH, or put into .uv/ here.
#
#   make run        the API on http://127.0.0.1:8000 with articles in it   PORT=8001 IMPORT=folder-or-page
#                   READER_LOCATION=connection
#   make test       the test suite
#   make thorough   properties with more examples, and the tests that take long
#   make edge       the edge function's tests in njs, CloudFront's engine (needs njs: apt-get install njs)
#   make browser    the pages in a real Chromium (needs chromium, chromium-driver and a Java runtime)
#   make clients    typed clients that public generators make from the contract, compiled and run
#   make check      format, lint, types, template
#   make fuzz       schemathesis and raw bytes against the public paths   MINUTES=30
#   make contract   writes openapi.json, the docs page and other files made from models and routes
#   make law        writes the edge function's tables, the zone and other files made from law.json
#   make audit      checks template.yaml with checkov, and libraries for known vulnerabilities
#   make sbom       writes sbom.cdx.json: what the layers contain, as CycloneDX
#   make costs      writes docs/costs.md from prices and traffic
#   make build      builds what is deployed in .aws-sam/build                 ARCHITECTURE=x86_64
#   make sam-local  the built functions in containers, against moto        PORT=3000 IMPORT=…
#   make sam-invoke one event through its function, beside make sam-local   EVENT=events/get_article_from_russia.json
#   make acceptance checks that sam local answers like make run (needs Docker)
#   make deployment deploys the template to an AWS emulator, and uses it as a newsroom does (needs njs)
#   make bench      measures reading, other frameworks and the bare runtime: docs/performance.md
#   make bench-compare   measures again, and says what is slower        NOW=file-of-a-run TOLERANCE=0.25
#   make bench-scale     measures a growing archive                             ARTICLES=1000000 MINUTES=12
#   make load       the API under load: errors, p99 beside p50, memory over 100,000 requests (needs wrk)   FOR=8
#   make load-sam   the same for the built functions in containers (needs Docker)
#   make bench-importing  imports 10,000 files and 500 damaged ones: how fast, and that none is lost   GOOD=… DAMAGED=…
#   make bench-imaging    measures renditions in ms, MB and bytes, and Pillow too: docs/media.md
#   make bench-search     measures the search index as it grows, beside SQLite: docs/search.md   SIZES=1000,…
#   make score-importing  scores the extraction of articles, and other libraries too  COLLECTIONS="folder …"
#   make deploy     build, then sam deploy           ENVIRONMENT=production PARAMETERS="Name=value …" ARCHITECTURE=…
#   make set-parameters  changes parameters of a deployed stack, without a build        ENVIRONMENT=… PARAMETERS=…
#   make launched   says that readers come, once everything is there for them       ENVIRONMENT=…

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

UV_VERSION := 0.13.9
SAM_VERSION := 1.170.0
RUNTIME_CLIENT_VERSION := 4.2.2
MINISTACK_VERSION := 1.5.33
CHECKOV_VERSION := 3.3.30
PIP_AUDIT_VERSION := 2.10.1
ARCHITECTURE ?= arm64
IMPORT ?=
EVENT ?=
READER_LOCATION ?= developer
ENVIRONMENT ?= staging
PARAMETERS ?=

UV := $(or $(shell command -v uv),.uv/bin/uv)
SYNC := .venv/.synced

export SAM_CLI_TELEMETRY := 0
# Where it is set, each of many processes compiles all libraries anew: a second each.
unexport PYTHONDONTWRITEBYTECODE
SBOM ?= sbom.cdx.json
EXPORT := $(UV) export --quiet --frozen --no-emit-project
SAM := $(UV) tool run --quiet --from aws-sam-cli==$(SAM_VERSION) sam

.PHONY: help run test thorough edge browser clients check audit audit-template audit-libraries requirements sbom costs format contract law build build-for-this-machine sam-local sam-invoke acceptance deployment bench bench-compare bench-edge bench-scale load load-sam bench-importing bench-imaging bench-search score-importing deploy set-parameters launched clean fuzz

help:
	@sed -n 's/^#   //p' Makefile

$(UV):
	@echo "uv is not on PATH: putting it into .uv/"
	@python3 -m venv .uv 2>/dev/null || { rm -rf .uv; python3 -m pip install --quiet --target .uv uv==$(UV_VERSION); } \
	  || { echo "Cannot install uv: python3 has neither venv nor pip. Install one of them, or uv itself." >&2; exit 1; }
	@if [ -x .uv/bin/pip ]; then .uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); fi

$(SYNC): $(UV) pyproject.toml uv.lock .python-version
	@$(UV) sync --quiet --frozen
	@touch $@

run: $(SYNC)
	@exec .venv/bin/python -m gateway --port $(or $(PORT),8000) --reader-location $(READER_LOCATION) $(if $(IMPORT),--import "$(IMPORT)")

test: $(SYNC)
	.venv/bin/pytest -m "not thorough" --numprocesses=auto --dist=worksteal

thorough: $(SYNC)
	THOROUGH=1 .venv/bin/pytest -m "thorough or sampled" --numprocesses=auto --dist=worksteal

edge: $(SYNC)
	@command -v njs >/dev/null || { echo "njs is not on PATH. Install it (Debian and Ubuntu: apt-get install njs)." >&2; exit 1; }
	.venv/bin/pytest tests/unit tests/integration -m edge --edge-engine=njs --numprocesses=auto --dist=worksteal

fuzz: $(SYNC)
	@.venv/bin/python tests/contract/fuzz.py --minutes $(or $(MINUTES),30)

browser: $(SYNC)
	.venv/bin/pytest tests/browser

clients: $(SYNC)
	.venv/bin/pytest tests/clients

check: $(SYNC)
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/pyright
	$(SAM) validate --lint --region us-east-1

audit: audit-template audit-libraries

audit-template: $(SYNC)
	@$(UV) tool run --quiet --from checkov==$(CHECKOV_VERSION) checkov --config-file .checkov.yaml
	@echo "template.yaml: no finding without a reason"

audit-libraries: requirements
	@for layer in libraries places imaging mirroring search; do .venv/bin/python -m audit layers/$$layer/requirements.txt -- \
	  $(UV) tool run --quiet --from pip-audit==$(PIP_AUDIT_VERSION) pip-audit; done

# With hashes, which pip then holds everything that it installs to.
requirements: $(SYNC)
	@mkdir -p layers/libraries layers/imaging layers/mirroring
	@rm -f layers/content_api/requirements.txt # of a build before the layers were split
	@$(EXPORT) --no-default-groups --output-file layers/libraries/requirements.txt >/dev/null
	@$(EXPORT) --only-group places --output-file layers/places/requirements.txt >/dev/null
	@$(EXPORT) --only-group imaging --output-file layers/imaging/requirements.txt >/dev/null
	@$(EXPORT) --only-group mirroring --output-file layers/mirroring/requirements.txt >/dev/null
	@$(EXPORT) --only-group search --output-file layers/search/requirements.txt >/dev/null

sbom: $(SYNC)
	@$(EXPORT) --no-dev --format cyclonedx1.5 --output-file $(SBOM) >/dev/null 2>&1
	@echo "$(SBOM)"

costs: $(SYNC)
	.venv/bin/python -m costs

format: $(SYNC)
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

law: $(SYNC)
	.venv/bin/python -m law

contract: $(SYNC)
	.venv/bin/python -m contract

# Plain `sam build` ships no byte code, and a function without it starts three times as slowly; a zip resets the
# time stamps that ordinary byte code is checked by, so the variant that is checked by nothing is shipped.
define build
	@.venv/bin/python -m law --check
	PATH="$(CURDIR)/.venv/bin:$$PATH" UV="$(abspath $(UV))" ARCHITECTURE=$(2) \
	  $(SAM) build --region us-east-1 --build-dir $(1) --parameter-overrides \
	  ReaderLocation=edge PublicUrl=https://content.example.org Architecture=$(2) >/dev/null
	.venv/bin/python -m building $(1)
	for folder in $(1)/*/; do \
	  .venv/bin/python -m compileall -q --invalidation-mode unchecked-hash -s "$${folder%/}" \
	    -p "$$([ -d "$$folder/python" ] && echo /opt || echo /var/task)" "$$folder"; done
	@du -sh $(1)/*/
endef

build: requirements
	$(call build,.aws-sam/build,$(ARCHITECTURE))

build-for-this-machine: requirements
	$(call build,.aws-sam/local,$(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x86_64))

sam-local: build-for-this-machine
	@exec .venv/bin/python -m gateway.sam_local --port $(or $(PORT),3000) $(if $(IMPORT),--import "$(IMPORT)") -- $(SAM)

sam-invoke: $(SYNC)
	@.venv/bin/python -m gateway.sam_invoke --event "$(EVENT)" -- $(SAM)

acceptance: build build-for-this-machine
	SAM="$(SAM)" ARCHITECTURE=$(ARCHITECTURE) .venv/bin/pytest tests/acceptance

# An environment of its own: it wants another botocore, and its interpreter is the one that runs the functions.
MINISTACK := .aws-sam/ministack-$(MINISTACK_VERSION)
$(MINISTACK)/.installed: $(SYNC)
	@$(UV) venv --quiet --clear --python 3.13 $(@D)
	@$(UV) pip install --quiet --python $(@D) ministack==$(MINISTACK_VERSION) \
	  aws-sam-translator==$$(.venv/bin/python -c 'from importlib.metadata import version; print(version("aws-sam-translator"))')
	@touch $@

deployment: build-for-this-machine $(MINISTACK)/.installed
	EMULATOR=$(MINISTACK)/bin/python SAM="$(SAM)" .venv/bin/pytest tests/deployment --durations=10

# The interpreter without a virtual environment, as Lambda has it; the emulator is SAM's own.
define measure
	@test -d .aws-sam/runtime-client/awslambdaric || \
	  $(UV) pip install --quiet --target .aws-sam/runtime-client awslambdaric==$(RUNTIME_CLIENT_VERSION)
	@.venv/bin/python tests/benchmarks measure --docs $(1) --client .aws-sam/runtime-client --uv "$(UV)" \
	  --python "$$($(UV) python find --system)" \
	  --emulator "$$($(UV) tool run --quiet --from aws-sam-cli==$(SAM_VERSION) python -c \
	    'import pathlib, platform, samcli; print(pathlib.Path(samcli.__file__).parent / "local/rapid" / ("aws-lambda-rie-" + dict(aarch64="arm64").get(platform.machine(), platform.machine())))')"
endef

bench: build-for-this-machine bench-edge
	$(call measure,docs)

bench-edge: $(SYNC)
	@.venv/bin/python tests/benchmarks edge

bench-scale: $(SYNC)
	@.venv/bin/python tests/benchmarks scale --articles $(or $(ARTICLES),100000) --minutes $(or $(MINUTES),12)

bench-compare: $(if $(NOW),$(SYNC),build-for-this-machine)
	$(if $(NOW),,$(call measure,.aws-sam/performance))
	@.venv/bin/python tests/benchmarks/comparison.py docs/performance.json \
	  $(or $(NOW),.aws-sam/performance/performance.json) --tolerance $(or $(TOLERANCE),0.25)

load: $(SYNC)
	@.venv/bin/python tests/benchmarks/load.py --seconds $(or $(FOR),8)

load-sam: build-for-this-machine
	@.venv/bin/python tests/benchmarks/load.py --seconds $(or $(FOR),8) --sam "$(SAM)"

bench-importing: $(SYNC)
	@.venv/bin/python tests/benchmarks/import_archive.py --good $(or $(GOOD),10000) --damaged $(or $(DAMAGED),500)

bench-imaging: $(SYNC)
	@.venv/bin/python tests/benchmarks/pictures.py --docs docs/media.md

bench-search: $(SYNC)
	@.venv/bin/python tests/benchmarks/searching.py --docs docs/search.md $(if $(SIZES),--sizes $(SIZES))

# Every value goes by the environment, where a shell cannot misread it.
deploy set-parameters launched: export ENVIRONMENT := $(ENVIRONMENT)
deploy set-parameters launched: export PARAMETERS := $(value PARAMETERS)
DEPLOYING = .venv/bin/python -m deploying
# An architecture that nobody asked for is the deployed one.
ASKED_ARCHITECTURE = $(if $(findstring file,$(origin ARCHITECTURE)),,--architecture $(ARCHITECTURE))

# What is missing is said before the build takes its time.
# The peer is lent for the run: nothing of ours needs it.
score-importing: $(SYNC)
	@$(UV) run --quiet --frozen --with readability-lxml==0.9 python -m scoring $(COLLECTIONS)

deploy: $(SYNC)
	@architecture=$$($(DEPLOYING) check $(ASKED_ARCHITECTURE)); \
	  $(MAKE) --no-print-directory build ARCHITECTURE=$$architecture; \
	  $(DEPLOYING) deploy --architecture $$architecture --sam "$(SAM)"

set-parameters: $(SYNC)
	@$(DEPLOYING) set-parameters

launched: $(SYNC)
	@$(DEPLOYING) launched

clean:
	rm -rf .venv .uv .aws-sam
