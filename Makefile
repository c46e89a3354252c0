# Every habit of the house. `make` lists the verbs.

VERSION     := $(shell cat VERSION)
HEADERS     := $(wildcard include/*.h include/*.hpp include/openpit/*.h include/openpit/*.hpp)
ABI         := $(shell sed -n 's/^\#define OPENPIT_ABI_VERSION  *\([0-9][0-9]*\).*/\1/p' include/openpit/base.h)
PREFIX      ?= /usr/local
DESTDIR     ?=
BUILD       := build
VENV        := .venv
PYTHON      ?= python3
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

.PHONY: help
help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- Set-up ---------------------------------------------------------------------------------------------------------

SETUP := $(BUILD)/.setup

.PHONY: setup
setup: $(SETUP) ## install what the other verbs need, if it is missing

$(SETUP): tools/setup.sh tools/apt-packages.txt tools/requirements.txt
	tools/setup.sh $(PYTHON) $(VENV)
	@mkdir -p $(@D) && touch $@

# ---- Library --------------------------------------------------------------------------------------------------------

LIBRARY := libopenpit.so.$(VERSION)
SONAME  := libopenpit.so.$(ABI)

# The shipped library carries the Swift runtime, exports openpit_* only and names its ABI generation.
LINK_FLAGS := -Xswiftc -static-stdlib --disable-local-rpath -Xlinker -s -Xlinker -soname=$(SONAME) \
              -Xlinker --version-script=$(CURDIR)/packaging/openpit.map

.PHONY: build
build: ## build libopenpit into build/lib
	swift build --configuration release --product openpit $(LINK_FLAGS)
	@mkdir -p $(BUILD)/lib
	install -m 755 .build/release/libopenpit.so $(BUILD)/lib/$(LIBRARY)
	ln -sf $(LIBRARY) $(BUILD)/lib/$(SONAME)
	ln -sf $(SONAME) $(BUILD)/lib/libopenpit.so

FILL_IN := sed -e 's/@VERSION@/$(VERSION)/' -e 's/@ABI@/$(ABI)/'
TARGET  := $(DESTDIR)$(PREFIX)

.PHONY: install
install: build ## install library, headers, pkg-config and CMake files below PREFIX
	install -d $(TARGET)/include/openpit $(TARGET)/lib/pkgconfig $(TARGET)/lib/cmake/openpit
	install -m 644 $(filter-out include/openpit/%,$(HEADERS)) $(TARGET)/include
	install -m 644 $(filter include/openpit/%,$(HEADERS)) $(TARGET)/include/openpit
	cp -P $(BUILD)/lib/$(LIBRARY) $(BUILD)/lib/$(SONAME) $(BUILD)/lib/libopenpit.so $(TARGET)/lib
	$(FILL_IN) packaging/openpit.pc.in >$(TARGET)/lib/pkgconfig/openpit.pc
	$(FILL_IN) packaging/openpitConfig.cmake.in >$(TARGET)/lib/cmake/openpit/openpitConfig.cmake
	$(FILL_IN) packaging/openpitConfigVersion.cmake.in >$(TARGET)/lib/cmake/openpit/openpitConfigVersion.cmake

# ---- Python ---------------------------------------------------------------------------------------------------------

# The package is built in the environment of `make setup`, against the library that is there.
BUILD_WHEEL = OPENPIT_LIBRARY_DIR=$(CURDIR)/$(BUILD)/lib $(VENV)/bin/python -m pip wheel --quiet \
              --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir $(BUILD)/wheel bindings/python

# The facades are plain Python on that package, each a distribution of its own.
FACADES       := axon_quant riskengine trade_engine
FACADE_WHEELS := $(BUILD)/facades
BUILD_FACADES  = $(VENV)/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation \
                 --wheel-dir $(FACADE_WHEELS) $(addprefix ./bindings/,$(FACADES))

.PHONY: python
python: $(SETUP) build ## build the Python packages and install them into .venv
	rm -rf $(BUILD)/wheel $(FACADE_WHEELS)
	$(BUILD_WHEEL)
	$(BUILD_FACADES)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall \
	    $(BUILD)/wheel/*.whl $(FACADE_WHEELS)/*.whl

.PHONY: wheel
wheel: $(SETUP) build ## build the Python wheels and source distribution into dist
	rm -rf $(BUILD)/wheel $(FACADE_WHEELS) dist
	$(BUILD_WHEEL)
	$(BUILD_FACADES)
	$(VENV)/bin/python -m auditwheel repair --wheel-dir dist $(BUILD)/wheel/*.whl
	cp $(FACADE_WHEELS)/*.whl dist
	cd bindings/python && $(CURDIR)/$(VENV)/bin/python setup.py --quiet sdist --dist-dir $(CURDIR)/dist/python

.PHONY: tarball
tarball: ## pack the sources of HEAD into dist
	@mkdir -p dist
	git archive --prefix=openpit-$(VERSION)/ --output=dist/openpit-$(VERSION).tar.gz HEAD

.PHONY: clean
clean: ## remove everything that was built
	rm -rf .build $(BUILD) dist bindings/*/build bindings/*/*.egg-info

# ---- Modules --------------------------------------------------------------------------------------------------------

# From the ground up: a module imports those before it, and those built without the package manager are built in this order.
CORE_MODULES := Decimals RiskBase Market Controls RiskCore Book Trading Routing Service
MODULES      := $(CORE_MODULES) OpenPitABI
MODULE_FILES := $(shell find $(addprefix Sources/,$(MODULES)) -name '*.swift')

# ---- Lists ----------------------------------------------------------------------------------------------------------

.PHONY: lists check-lists
lists: $(SETUP) ## write what is made of the lists in tools/lists
	tools/generate.py

check-lists: $(SETUP) ## tell whether what is made of the lists in tools/lists is as they say
	tools/generate.py --check

.PHONY: messages check-messages
messages: $(SETUP) ## write the Python modules of the risk service's messages
	$(VENV)/bin/python tools/proto.py

check-messages: $(SETUP) ## tell whether the Python modules of the risk service's messages are as they say
	$(VENV)/bin/python tools/proto.py --check

# ---- Public names ---------------------------------------------------------------------------------------------------

.PHONY: api check-api
api: ## write docs/public-api.md, the public names of the Swift library
	swift build --target OpenPit
	tools/public-api.py

check-api: ## tell whether docs/public-api.md has the public names of the Swift library
	swift build --target OpenPit
	tools/public-api.py --check

# ---- Tests ----------------------------------------------------------------------------------------------------------

.PHONY: test
test: $(SETUP) check-lists test-swift test-abi test-python test-docs ## run every test

# Every test is a Swift Testing one, so the empty run of XCTest is left out.
SWIFT_TEST := swift test --disable-xctest

.PHONY: test-swift
test-swift: ## run the Swift tests
	$(SWIFT_TEST)

# Books and matchers against slow and obvious ones, and orders with their reservations, with far more of each than every day.
TORTURE_STREAMS ?= 700
ORDER_HISTORIES ?= 1000000

.PHONY: torture
torture: ## play random streams to books and matchers, and a million histories of orders to routers
	OPENPIT_BOOK_STREAMS=$(TORTURE_STREAMS) OPENPIT_ORDER_HISTORIES=$(ORDER_HISTORIES) \
	    $(SWIFT_TEST) --filter 'RandomStreamTests|MatcherTests|StormTests|RouterTests'

# Limits beside a slow and obvious model, in every sync mode, with far more steps than every day.
HISTORIES         := $(BUILD)/histories
HISTORY_STEPS     ?= 1000000
HISTORY_SEED      ?= 1
HISTORY_MODULES   := Decimals RiskBase Market Controls RiskCore
HISTORY_FLAGS     := -swift-version 6 -package-name openpit -O -g -wmo -use-ld=lld -I Sources/CPlatform/include -I $(HISTORIES)
HISTORY_FILES     := $(wildcard Tests/histories/*.swift Tests/HistoryTests/Model/*.swift)

$(HISTORIES)/histories: $(MODULE_FILES) $(HISTORY_FILES) $(wildcard Tests/TestSupport/*.swift)
	@mkdir -p $(@D)
	for folder in $(addprefix Sources/,$(HISTORY_MODULES)) Tests/TestSupport; do \
	    swiftc $(HISTORY_FLAGS) -parse-as-library -module-name $$(basename $$folder) \
	        -emit-module -emit-module-path $(@D)/$$(basename $$folder).swiftmodule \
	        -c $$(find $$folder -name '*.swift' | sort) -o $(@D)/$$(basename $$folder).o || exit 1; \
	done
	$(CC) -O2 -g -ISources/CPlatform/include -c Sources/CPlatform/CPlatform.c -o $(@D)/CPlatform.o
	swiftc $(HISTORY_FLAGS) -module-name Histories $(HISTORY_FILES) $(@D)/*.o -lm -o $@

.PHONY: histories
histories: $(HISTORIES)/histories ## play HISTORY_STEPS random steps to limits and a slow model of them, in every sync mode
	$< $(HISTORY_STEPS) all $(HISTORY_SEED)

# What is measured, and what readers are shown, is built as a user would build it.
PLAIN_CFLAGS := -g -O2 -Wall -Wextra -pedantic -Werror -Iinclude

MEASURED       := $(addprefix $(BUILD)/bench/,latency quotes funds growth book controls orders service)
BENCH_PROGRAMS := $(MEASURED) $(BUILD)/bench/repeat $(BUILD)/bench/allocations

$(BUILD)/bench/%: bench/c/%.c bench/c/workload.c bench/c/workload.h bench/c/limits.h bench/c/timing.h Tests/abi/check.h $(HEADERS) | build
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(PLAIN_CFLAGS) $< bench/c/workload.c -o $@ $(ABI_LDFLAGS)

# Memory is refused by a malloc of the program's own, which a sanitizer would replace.
MEMORY_PROGRAMS := $(addprefix $(BUILD)/memory/,refused growth)

$(BUILD)/memory/%: Tests/memory/%.c Tests/memory/refusal.h Tests/abi/check.h include/openpit.h | build
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(PLAIN_CFLAGS) $< -o $@ $(ABI_LDFLAGS)

.PHONY: refuse
refuse: build $(MEMORY_PROGRAMS) ## refuse every allocation of the library, one after the other
	$(BUILD)/memory/refused

EXAMPLES := $(patsubst examples/c/%.c,$(BUILD)/examples/%-c,$(wildcard examples/c/*.c)) \
            $(patsubst examples/cpp/%.cpp,$(BUILD)/examples/%-cpp,$(wildcard examples/cpp/*.cpp))

$(BUILD)/examples/%-c: examples/c/%.c $(HEADERS) | build
	@mkdir -p $(@D)
	$(CC) -std=c11 $(PLAIN_CFLAGS) $< -o $@ $(ABI_LDFLAGS)

$(BUILD)/examples/%-cpp: examples/cpp/%.cpp $(HEADERS) | build
	@mkdir -p $(@D)
	$(CXX) -std=c++17 $(PLAIN_CFLAGS) $< -o $@ $(ABI_LDFLAGS)

# Each C and C++ file in Tests/abi is a program against the shipped library; each script there looks at it from outside.
# The sanitizers also see what the library allocates, so a handle that leaks fails the program that lost it.
ABI_CFLAGS   := -g -O1 -Wall -Wextra -pedantic -Werror -Iinclude -fsanitize=address,undefined -fno-sanitize-recover=all
ABI_LDFLAGS  := -L$(BUILD)/lib -lopenpit -pthread -Wl,-rpath,$(CURDIR)/$(BUILD)/lib
ABI_HEADERS  := $(HEADERS) $(wildcard Tests/abi/*.h Tests/abi/*.hpp)
ABI_PROGRAMS := $(patsubst Tests/abi/%.c,$(BUILD)/abi/%-c,$(wildcard Tests/abi/*.c)) \
                $(patsubst Tests/abi/%.cpp,$(BUILD)/abi/%-cpp,$(wildcard Tests/abi/*.cpp))

$(BUILD)/abi/%-c: Tests/abi/%.c $(ABI_HEADERS) | build
	@mkdir -p $(@D)
	$(CC) -std=c11 $(ABI_CFLAGS) $< -o $@ $(ABI_LDFLAGS)

$(BUILD)/abi/%-cpp: Tests/abi/%.cpp $(ABI_HEADERS) | build
	@mkdir -p $(@D)
	$(CXX) -std=c++17 $(ABI_CFLAGS) $< -o $@ $(ABI_LDFLAGS)

.PHONY: test-abi
test-abi: $(SETUP) build $(ABI_PROGRAMS) $(MEMORY_PROGRAMS) $(BENCH_PROGRAMS) $(EXAMPLES) ## run the C and C++ programs against the library
	ASAN_OPTIONS=allocator_may_return_null=1 Tests/abi/run \
	    $(sort $(ABI_PROGRAMS) $(wildcard Tests/abi/*.sh Tests/abi/*.py)) $(BUILD)/bench/allocations $(MEMORY_PROGRAMS)

.PHONY: bench
bench: $(MEASURED) bench-python ## measure the C interface, and Python beside the reference package
	@for program in $(MEASURED); do $$program || exit 1; done

REFERENCE := $(BUILD)/reference

.PHONY: bench-python
bench-python: python $(REFERENCE)/bin/python
	$(VENV)/bin/python bench/python/bench.py $(REFERENCE)/bin/python
	$(VENV)/bin/python bench/python/backtest.py
	$(VENV)/bin/python bench/python/risk.py
	$(VENV)/bin/python bench/python/risk_service.py
	$(VENV)/bin/python bench/python/oms.py
	$(VENV)/bin/python bench/python/trading.py
	@du -b $(BUILD)/wheel/*.whl | awk '{ printf "wheel %31.2f MB%26s\n", $$1 / 1e6, "bound 3.00 MB" }'

$(REFERENCE)/bin/python: tools/requirements-reference.txt
	$(PYTHON) -m venv $(REFERENCE)
	$@ -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

# The reference package's later release, for engines that answer as it does.
REFERENCE_LATER := $(BUILD)/reference-0.10

$(REFERENCE_LATER)/bin/python: tools/requirements-reference-0.10.txt
	$(PYTHON) -m venv $(REFERENCE_LATER)
	$@ -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

BESIDE_HISTORIES ?= 10000
BESIDE_FLAGS     ?=
BESIDE           = $(VENV)/bin/python Tests/beside/beside.py --histories $(BESIDE_HISTORIES) $(BESIDE_FLAGS) $(VENV)/bin/python

.PHONY: beside beside-0.7 beside-0.10
beside: beside-0.7 beside-0.10 ## play random histories beside the reference package, both releases of it
beside-0.7: python $(REFERENCE)/bin/python
	$(BESIDE) $(REFERENCE)/bin/python 0.7
beside-0.10: python $(REFERENCE_LATER)/bin/python
	$(BESIDE) $(REFERENCE_LATER)/bin/python 0.10

PYTHON_EXAMPLES := $(wildcard examples/python/[0-9]*.py)

.PHONY: demo
demo: python ## build everything and run the main example
	@echo
	@$(VENV)/bin/python examples/python/01_quick_start.py

.PHONY: examples
examples: python $(EXAMPLES) ## run every example
	@for example in $(sort $(EXAMPLES)); do echo; echo "# $$(basename $$example)"; $$example || exit 1; done
	@for example in $(PYTHON_EXAMPLES); do echo; echo "# $$example"; $(VENV)/bin/python $$example || exit 1; done

# Examples and pages are run as a reader would run them.
.PHONY: test-docs
test-docs: python $(EXAMPLES) ## run the examples and the code blocks of README.md and docs
	Tests/abi/run Tests/docs/blocks.py Tests/docs/examples.sh Tests/docs/links.py Tests/docs/codes.py Tests/docs/names.py Tests/docs/generated.sh Tests/docs/optionals.sh Tests/docs/packages.sh

# Recorded scenarios of another implementation, when there are any beside the checkout.
CONFORMANCE ?= ../shared/conformance

# A server that a test needs has to be there, and where Debian puts it: nothing is skipped.
TEST_FACADE := MTS_REQUIRE_SERVICES=1 PATH="$$PATH:/usr/sbin" $(VENV)/bin/python -m pytest -q

.PHONY: test-python
test-python: python ## run the Python tests against the installed packages
	$(VENV)/bin/python -m pytest -q bindings/python/tests
	@for facade in $(FACADES); do $(TEST_FACADE) bindings/$$facade/tests || exit 1; done
ifneq ($(wildcard $(CONFORMANCE)/replay.py),)
	$(VENV)/bin/python $(CONFORMANCE)/check_surface.py
	$(VENV)/bin/python $(CONFORMANCE)/replay.py
endif

# The extension alone is instrumented; the interpreter uses plain malloc so that the sanitizer sees its objects, too.
PYTHON_SANITIZED := $(BUILD)/python-asan
PYTHON_ASAN_TESTS := $(addprefix bindings/python/tests/,unit isolated/test_random_calls.py isolated/test_reentrancy.py \
                     isolated/test_shutdown.py)

.PHONY: test-python-asan test-python-leaks
test-python-asan: $(SETUP) build ## run the Python tests with the extension under the address sanitizer
	@rm -rf $(PYTHON_SANITIZED) && mkdir -p $(PYTHON_SANITIZED)
	cp -r bindings/python/openpit $(PYTHON_SANITIZED)
	$(CC) -shared -fPIC -std=c11 -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fvisibility=hidden -Iinclude \
	  -I$$($(VENV)/bin/python -c 'import sysconfig; print(sysconfig.get_path("include"))') bindings/python/src/*.c \
	  -o $(PYTHON_SANITIZED)/openpit/_openpit$$($(VENV)/bin/python -c 'import sysconfig; print(sysconfig.get_config_var("EXT_SUFFIX"))') \
	  -L$(BUILD)/lib -lopenpit -Wl,-rpath,$(CURDIR)/$(BUILD)/lib
	LD_PRELOAD="$$($(CC) -print-file-name=libasan.so) $$($(CC) -print-file-name=libubsan.so)" ASAN_OPTIONS=detect_leaks=0 \
	  PYTHONMALLOC=malloc PYTHONPATH=$(PYTHON_SANITIZED) OPENPIT_RANDOM_EXAMPLES=300 \
	  $(VENV)/bin/python -m pytest -q -p no:cacheprovider $(PYTHON_ASAN_TESTS)

# The validator of documents beside their JSON Schema, with far more documents than every day.
RANDOM_DOCUMENTS ?= 100000

.PHONY: documents
documents: python ## compare the validator with the JSON Schema over RANDOM_DOCUMENTS random documents
	OPENPIT_RANDOM_DOCUMENTS=$(RANDOM_DOCUMENTS) $(VENV)/bin/python -m pytest -q bindings/python/tests/unit/test_config_random.py

# The risk service is killed in the middle of anything, far more often than every day.
CHAOS_ROUNDS ?= 200

.PHONY: chaos
chaos: python ## kill the risk service CHAOS_ROUNDS times and look what it kept
	MTS_CHAOS_ROUNDS=$(CHAOS_ROUNDS) $(TEST_FACADE) bindings/riskengine/tests/test_chaos.py

test-python-leaks: python ## run every Python call a million times and watch the memory
	OPENPIT_LEAK_ROUNDS=1000000 $(VENV)/bin/python -m pytest -q bindings/python/tests/isolated/test_engine_leaks.py

.PHONY: record-layout
record-layout: ## accept the struct layouts of the C headers as the new expectation
	Tests/abi/layout.sh record

# A sanitizer gets a scratch path of its own, because everything is compiled anew for it. Memory that is refused is an
# answer that the tests expect.
.PHONY: test-asan test-tsan
# Leaks are looked for in the C and C++ programs: many Swift tests leave reservations open, which keep their engine's memory.
test-asan: ## run the Swift tests under the address sanitizer
	ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=0 $(SWIFT_TEST) --sanitize=address --scratch-path .build/asan
test-tsan: ## run the Swift tests under the thread sanitizer
	TSAN_OPTIONS=allocator_may_return_null=1 $(SWIFT_TEST) --sanitize=thread --scratch-path .build/tsan

# Coverage-guided fuzzing: everything is compiled with libFuzzer's instrumentation and with assertions. What is found is
# kept below build/fuzz, beside the corpus that grows there; Tests/fuzz/corpus is where a corpus starts.
FUZZ_SECONDS ?= 60
FUZZ         := $(BUILD)/fuzz
FUZZ_TARGETS := $(patsubst Tests/fuzz/%.swift,$(FUZZ)/%,$(wildcard Tests/fuzz/*.swift))
FUZZ_FLAGS   := -swift-version 6 -package-name openpit -O -g -wmo -parse-as-library -assert-config Debug -use-ld=lld -sanitize=fuzzer,address \
                -I Sources/CPlatform/include -I include -I $(FUZZ)

$(FUZZ)/.modules: $(MODULE_FILES) $(HEADERS)
	@mkdir -p $(FUZZ)
	for module in $(MODULES); do \
	    swiftc $(FUZZ_FLAGS) -module-name $$module -emit-module -emit-module-path $(FUZZ)/$$module.swiftmodule \
	        -c $$(find Sources/$$module -name '*.swift' | sort) -o $(FUZZ)/$$module.o || exit 1; \
	done
	$(CC) -O2 -g -ISources/CPlatform/include -c Sources/CPlatform/CPlatform.c -o $(FUZZ)/CPlatform.o
	@touch $@

$(FUZZ)/calls: $(wildcard Tests/OpenPitABITests/Support/*.swift)

$(FUZZ)/%: Tests/fuzz/%.swift $(FUZZ)/.modules
	swiftc $(FUZZ_FLAGS) -module-name fuzz_$* -emit-module-path $@.swiftmodule -emit-executable \
	    $(filter %.swift,$^) $(addprefix $(FUZZ)/,$(addsuffix .o,CPlatform $(MODULES))) -lm -o $@

.PHONY: fuzz
fuzz: $(FUZZ_TARGETS) ## feed random bytes to numbers, locks and the C interface, FUZZ_SECONDS each
	@for target in $(notdir $(FUZZ_TARGETS)); do \
	    echo "# $$target"; mkdir -p $(FUZZ)/corpus/$$target; \
	    SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=allocator_may_return_null=1 \
	        $(FUZZ)/$$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 -max_len=4096 -verbosity=0 \
	        -print_final_stats=1 -artifact_prefix=$(FUZZ)/$$target- \
	        $(FUZZ)/corpus/$$target Tests/fuzz/corpus/$$target || exit 1; \
	done

# Many threads on one engine; `make soak-tsan` is the same under the thread sanitizer.
SOAK_SECONDS ?= 30
SOAK_THREADS ?= 8
SOAK         := $(BUILD)/soak
SOAK_FLAGS   := -swift-version 6 -package-name openpit -O -g -wmo -parse-as-library -use-ld=lld -I Sources/CPlatform/include -I include

$(SOAK)/%: $(MODULE_FILES) $(HEADERS) Tests/soak/soak.swift
	@mkdir -p $@-modules
	for module in $(MODULES); do \
	    swiftc $(SOAK_FLAGS) $(SOAK_SANITIZER) -I $@-modules -module-name $$module \
	        -emit-module -emit-module-path $@-modules/$$module.swiftmodule \
	        -c $$(find Sources/$$module -name '*.swift' | sort) -o $@-modules/$$module.o || exit 1; \
	done
	$(CC) -O2 -g -ISources/CPlatform/include -c Sources/CPlatform/CPlatform.c -o $@-modules/CPlatform.o
	swiftc $(SOAK_FLAGS) $(SOAK_SANITIZER) -I $@-modules -module-name Soak Tests/soak/soak.swift $@-modules/*.o -lm -o $@

$(SOAK)/soak-tsan: SOAK_SANITIZER := -sanitize=thread

.PHONY: soak soak-tsan
soak: $(SOAK)/soak ## let many threads trade on one engine for SOAK_SECONDS
	$< $(SOAK_SECONDS) $(SOAK_THREADS)
soak-tsan: $(SOAK)/soak-tsan ## the same under the thread sanitizer
	SWIFT_BACKTRACE=enable=no $< $(SOAK_SECONDS) $(SOAK_THREADS)

.PHONY: coverage
coverage: ## print the line coverage of Sources by the tests in Swift, C and C++, and what lies under 95 %
	tools/coverage.sh 95

# ---- Documentation --------------------------------------------------------------------------------------------------

DOCS_TOOLS := $(BUILD)/.docs-tools

$(DOCS_TOOLS): $(SETUP) tools/requirements-docs.txt tools/apt-packages-docs.txt
	tools/setup.sh $(PYTHON) $(VENV) tools/apt-packages-docs.txt tools/requirements-docs.txt
	@touch $@

.PHONY: docs
docs: $(DOCS_TOOLS) python ## build the documentation into build/site
	rm -rf $(BUILD)/site
	NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --quiet --strict
	doxygen tools/Doxyfile
	@echo "build/site/index.html, build/site/c/index.html"

# ---- Style ----------------------------------------------------------------------------------------------------------

SWIFT_FILES = Package.swift Sources Tests
C_FILES     = $(shell git ls-files '*.c' '*.h' '*.cpp' '*.hpp')
PYTHON_FOLDERS = bindings/python $(addprefix bindings/,$(FACADES)) examples/python Tests/docs Tests/beside tools
TIDY_FILES  = $(shell git ls-files '*.c')
TIDY_FLAGS  = -std=gnu11 -Iinclude -ISources/CPlatform/include -resource-dir=$(shell clang -print-resource-dir) \
              -isystem $(shell $(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("include"))')

.PHONY: check
check: $(SETUP) check-lists check-messages check-api check-embedded python ## check formatting, lint, lists, public names, links, code blocks, versions, names and the Embedded Swift build
	swift format lint --strict --parallel --recursive $(SWIFT_FILES)
	clang-format --dry-run -Werror $(C_FILES)
	clang-tidy --quiet $(TIDY_FILES) -- $(TIDY_FLAGS)
	clang-tidy --quiet include/openpit.hpp -- -xc++ -std=c++17 -Iinclude -resource-dir=$(shell clang -print-resource-dir)
	ruff format --check --quiet $(PYTHON_FOLDERS)
	ruff check --quiet $(PYTHON_FOLDERS)
	@for example in $(PYTHON_EXAMPLES); do mypy $$example || exit 1; done
	mypy bindings/python/openpit
	mypy bindings/python/tests/typing/spellings.py
	@for facade in $(FACADES); do mypy $$(dirname bindings/$$facade/*/py.typed) || exit 1; done
	python -m mypy.stubtest openpit --allowlist bindings/python/tests/typing/allowlist.txt
	Tests/abi/run Tests/docs/links.py Tests/docs/codes.py Tests/docs/names.py Tests/docs/blocks.py Tests/abi/version.sh

# The core also has to compile without runtime: a hidden existential or an untyped throw is an error here.
EMBEDDED_FLAGS := -swift-version 6 -package-name openpit -O -wmo -parse-as-library -enable-experimental-feature Embedded \
                  -I Sources/CPlatform/include -I $(BUILD)/embedded

.PHONY: check-embedded
check-embedded: ## compile the core as Embedded Swift
	@mkdir -p $(BUILD)/embedded
	for module in $(CORE_MODULES); do \
	    swiftc $(EMBEDDED_FLAGS) -module-name $$module -emit-module-path $(BUILD)/embedded/$$module.swiftmodule \
	        -c $$(find Sources/$$module -name '*.swift' | sort) -o $(BUILD)/embedded/$$module.o || exit 1; \
	done

.PHONY: format
format: $(SETUP) ## format every source file in place
	swift format --in-place --parallel --recursive $(SWIFT_FILES)
	clang-format -i $(C_FILES)
	ruff format --quiet $(PYTHON_FOLDERS)

# ---- Release --------------------------------------------------------------------------------------------------------

.PHONY: release-check
release-check: test check docs wheel tarball ## everything that has to hold before a version is tagged
	tools/release-check.sh
