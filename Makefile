# Every habit of the house. `make` lists the verbs.

VERSION     := $(shell cat VERSION)
ABI         := 0
PREFIX      ?= /usr/local
DESTDIR     ?=
BUILD       := build
LIBRARY     := $(BUILD)/lib/libopenpit.so.$(VERSION)
VENV        := .venv
PYTHON      ?= python3

# The shipped library carries the Swift runtime, exports openpit_* only and names its ABI generation.
LINK_FLAGS  := -Xswiftc -static-stdlib --disable-local-rpath \
               -Xlinker --version-script=$(CURDIR)/tools/openpit.map \
               -Xlinker -soname=libopenpit.so.$(ABI) -Xlinker -s

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# ---- Set-up ---------------------------------------------------------------------------------------------------------

SETUP := $(BUILD)/.setup

setup: $(SETUP) ## install what the other verbs need, if it is missing

$(SETUP): tools/setup.sh tools/apt-packages.txt tools/requirements.txt
	tools/setup.sh $(PYTHON) $(VENV)
	@mkdir -p $(@D) && touch $@

# ---- Library --------------------------------------------------------------------------------------------------------

build: ## build libopenpit into build/lib
	swift build --configuration release --product openpit $(LINK_FLAGS)
	@mkdir -p $(BUILD)/lib
	install -m 755 .build/release/libopenpit.so $(LIBRARY)
	ln -sf libopenpit.so.$(VERSION) $(BUILD)/lib/libopenpit.so.$(ABI)
	ln -sf libopenpit.so.$(ABI) $(BUILD)/lib/libopenpit.so

clean: ## remove everything that was built
	rm -rf .build $(BUILD)

# ---- Tests ----------------------------------------------------------------------------------------------------------

test: test-swift ## run every test

test-swift: ## run the Swift tests
	swift test

.PHONY: help setup build clean test test-swift
