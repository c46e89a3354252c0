#!/usr/bin/env bash
# A reader in a new folder, with the packages and the pages: Python from the wheel, C by pkg-config, C++ by find_package.
source "$(dirname "$0")/../abi/check.bash"

# block LANGUAGE: the first program in that language on the front page.
block() { awk -v fence="\`\`\`$1" '$0 == fence { inside = 1; next } /^```/ { if (inside) exit } inside' README.md; }

# printed LANGUAGE: what the page says that this program prints.
printed() {
    awk -v fence="\`\`\`$1" '$0 == fence { found = 1 } /^```text/ && found { inside = 1; next } /^```/ && inside { exit } inside' \
        README.md
}

for language in python c cpp; do
    block "$language" >"$scratch/program.$language"
    printed "$language" >"$scratch/$language.txt"
done
make --silent install DESTDIR="$scratch/stage" PREFIX=/usr >"$scratch/log" 2>&1 || cat "$scratch/log"
wheel=$(ls "$PWD"/build/wheel/*.whl)
python=$PWD/.venv/bin/python
cd "$scratch" || exit 1

by_wheel() {
    "$python" -m venv new && new/bin/pip install --quiet --no-index --disable-pip-version-check "$wheel" &&
        new/bin/python program.python | diff - python.txt
}
by_pkg_config() {
    cc program.c -o program $(PKG_CONFIG_PATH=stage/usr/lib/pkgconfig pkg-config --cflags --libs openpit) &&
        LD_LIBRARY_PATH=stage/usr/lib ./program | diff - c.txt
}
by_find_package() {
    cat >CMakeLists.txt <<'CMAKE' &&
cmake_minimum_required(VERSION 3.16)
project(reader CXX)
set(CMAKE_CXX_STANDARD 17)
find_package(openpit REQUIRED)
add_executable(reader program.cpp)
target_link_libraries(reader PRIVATE openpit::openpit)
CMAKE
        cmake -S . -B build -DCMAKE_PREFIX_PATH="$scratch/stage/usr" && cmake --build build && build/reader | diff - cpp.txt
}

holds "the wheel in a new environment runs the Python of README.md" by_wheel
holds "the C of README.md builds and runs by pkg-config" by_pkg_config
holds "the C++ of README.md builds and runs by find_package" by_find_package
report
