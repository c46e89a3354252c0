#!/usr/bin/env bash
# Installs what building and testing need: Debian packages where that is possible, Python packages into a virtual
# environment. What is there already is left alone.
#
#     tools/setup.sh PYTHON VENV [APT_LIST REQUIREMENTS]
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1
venv=$2
apt_list=${3:-tools/apt-packages.txt}
requirements=${4:-tools/requirements.txt}

missing=()
while read -r package; do
    # A package that is a command may also have come from elsewhere.
    command -v "$package" >/dev/null || dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done <"$apt_list"

if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" -eq 0 ]; then
        sudo=()
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo=(sudo)
    else
        echo "setup: please install these packages: ${missing[*]}" >&2
        exit 1
    fi
    # Servers are for tests, which start their own: a server is not started because it was installed.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap '"${sudo[@]}" rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
        "${sudo[@]}" chmod 755 "$policy"
    fi
    "${sudo[@]}" apt-get update -qq
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends -y "${missing[@]}"
fi

[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$requirements"
