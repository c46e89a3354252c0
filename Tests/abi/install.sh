#!/usr/bin/env bash
# A program that lives elsewhere finds the installed library by pkg-config and by find_package, also after a move.
source "$(dirname "$0")/check.bash"
version=$(<VERSION)

make --silent install DESTDIR="$scratch/stage" PREFIX=/usr >"$scratch/log" 2>&1 || cat "$scratch/log"
mv "$scratch/stage/usr" "$scratch/moved"
mkdir "$scratch/consumer"
cd "$scratch/consumer" || exit 1

cat >program.c <<'C'
#include <openpit.h>
#include <openpit/book.h>
#include <stdio.h>

int main(void) { return puts(openpit_version_string()) < 0; }
C
sed 's/stdio.h/cstdio/; s/(void)/()/; s/puts/std::puts/' program.c >program.cpp
[ ! -e ../moved/include/openpit.hpp ] || sed -i '1i #include <openpit.hpp>' program.cpp
cat >CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.16)
project(consumer CXX)
set(CMAKE_CXX_STANDARD 17)
find_package(openpit ${WANTED} REQUIRED)
add_executable(program program.cpp)
target_link_libraries(program PRIVATE openpit::openpit)
CMAKE

export PKG_CONFIG_PATH=$scratch/moved/lib/pkgconfig
by_pkg_config() {
    cc -std=c11 program.c -o program $(pkg-config --cflags --libs openpit) &&
        [ "$(LD_LIBRARY_PATH=../moved/lib ./program)" = "$version" ]
}
configure() { cmake -S . -B "build-$1" -DCMAKE_PREFIX_PATH="$scratch/moved" -DWANTED="$1"; }
by_find_package() {
    configure "$version" && cmake --build "build-$version" && [ "$("build-$version/program")" = "$version" ]
}
is_refused() { ! configure "$1"; }

holds "pkg-config tells the version" test "$(pkg-config --modversion openpit)" = "$version"
holds "a C program builds and runs by pkg-config" by_pkg_config
holds "a C++ program builds and runs by find_package" by_find_package
holds "find_package refuses a version that is too old for the caller" is_refused 99.0
report
