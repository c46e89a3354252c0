#!/usr/bin/env bash
# The shipped library is one file that needs only what every Linux has.
source "$(dirname "$0")/check.bash"

# entries TAG: the values of that tag in the dynamic section.
entries() { readelf --dynamic --wide "$library" | sed -nE "s/.*[(]($1)[)].*[[](.*)[]]/\2/p"; }

entries NEEDED >"$scratch/needed"
needs_only_the_system() { ! grep -vE '^(libc|libm|libstdc\+\+|libgcc_s|ld-linux-[a-z0-9-]+)\.so\.[0-9]+$' "$scratch/needed"; }
abi=$(sed -n 's/^#define OPENPIT_ABI_VERSION  *\([0-9][0-9]*\).*/\1/p' include/openpit/base.h)

holds "it needs nothing but libc, libm, libstdc++ and libgcc_s" needs_only_the_system
holds "its soname carries the ABI generation of the headers" test "$(entries SONAME)" = "libopenpit.so.$abi"
holds "it searches no directory of the machine it was built on" test -z "$(entries 'RPATH|RUNPATH')"
holds "it is stripped" test -z "$(nm "$library" 2>/dev/null)"
report
