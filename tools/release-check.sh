#!/usr/bin/env bash
# Looks at what is about to be released, as a stranger would receive it: the wheel, the source distribution and the source
# tarball in dist, each unpacked or installed into an empty place and tried. `make release-check` makes them first.
source "$(dirname "$0")/../Tests/abi/check.bash"
version=$(<VERSION)
root=$PWD
python=$root/.venv/bin/python
wheel=$(ls dist/openpit-"$version"-*manylinux*.whl)
tarball=dist/openpit-$version.tar.gz
sdist=dist/python/openpit-$version.tar.gz

# lists ARCHIVE-LISTING PATTERN...: every pattern is found among the lines.
lists() {
    local listing=$1 pattern
    shift
    for pattern in "$@"; do grep -qE "$pattern" "$listing" || { echo "there is no $pattern"; return 1; }; done
}

"$python" -m zipfile --list "$wheel" | awk 'NR > 1 { print $1 }' >"$scratch/wheel"
tar tzf "$sdist" >"$scratch/sdist"
tar tzf "$tarball" >"$scratch/tarball"

has_no_strays() {
    local ours="^openpit/([a-z_]+/)*[A-Za-z_0-9.-]+\.(py|pyi|so|so\.0|h|hpp)$|^openpit/py\.typed$"
    ! grep -v "/$" "$scratch/wheel" | grep -vE "$ours|^openpit-$version\.dist-info/|^openpit\.libs/"
}
is_dated() { grep -qE "^## \[$version\] - [0-9]{4}-[0-9]{2}-[0-9]{2}$" CHANGELOG.md || ! [ "${RELEASE:-}" ]; }
tells_version() { [ "$("$1" -c 'import openpit; print(openpit.__version__)')" = "$version" ]; }
into_new_environment() { "$python" -m venv "$scratch/$1" && "$scratch/$1/bin/pip" install --quiet --disable-pip-version-check "$2"; }
runs_the_quick_start() {
    (cd "$scratch" && "$scratch/$1/bin/python" "$root/examples/python/01_quick_start.py") |
        diff - examples/expected/01_quick_start.txt
}
builds_from_tarball() {
    mkdir "$scratch/source" && tar xzf "$tarball" -C "$scratch/source" --strip-components=1 &&
        make -C "$scratch/source" install DESTDIR="$scratch/place" PREFIX=/usr >"$scratch/log" 2>&1 || { tail "$scratch/log"; return 1; }
}
compiles_against() {
    cc -std=c11 examples/c/01_quick_start.c -o "$scratch/quick" \
        $(PKG_CONFIG_PATH=$1/usr/lib/pkgconfig pkg-config --cflags --libs openpit) &&
        LD_LIBRARY_PATH=$1/usr/lib "$scratch/quick" | diff - examples/expected/01_quick_start.txt
}

holds "the version is the same everywhere" Tests/abi/version.sh
holds "the changelog dates it, if RELEASE is set" is_dated
holds "the library exports what the C headers declare" Tests/abi/symbols.sh
holds "the wheel has the extension, the library, the headers and the types" lists "$scratch/wheel" \
    '_openpit\..*\.so$' 'libopenpit' 'include/openpit\.h$' 'include/openpit\.hpp$' \
    'include/openpit/base\.h$' 'include/openpit/base\.hpp$' 'py\.typed$' '_openpit\.pyi$'
holds "the wheel has nothing else" has_no_strays
holds "the source distribution carries the Swift sources" lists "$scratch/sdist" 'native/Package\.swift$' 'native/Sources/RiskCore/'
holds "the tarball has the licence and the pages" lists "$scratch/tarball" '/LICENSE$' '/docs/index\.md$'
holds "the wheel installs into a new environment" into_new_environment from_wheel "$wheel"
holds "its package tells the version" tells_version "$scratch/from_wheel/bin/python"
holds "its package runs the quick start" runs_the_quick_start from_wheel
holds "the source distribution builds and installs into a new environment" into_new_environment from_sdist "$sdist"
holds "its package runs the quick start" runs_the_quick_start from_sdist
holds "the tarball builds and installs into an empty place" builds_from_tarball
holds "the C quick start builds and runs against that" compiles_against "$scratch/place"
report
