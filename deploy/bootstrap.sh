# Sourced by `up` and `test`: finds a Python, has `bootstrap.py` make .venv what requirements.lock says, and runs a
# module there. POSIX sh and nothing else, for it runs before anything is installed.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

is_recent() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# Print a Python of 3.11 or newer: $PYTHON if it is set, else the first that is there.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_recent "$PYTHON" || fail "PYTHON=$PYTHON is not Python 3.11 or newer: set it to one that is, or unset it."
        printf '%s\n' "$PYTHON"
        return
    fi
    for candidate in python3.11 python3 python3.12 python3.13 python3.14 python; do
        if command -v "$candidate" >/dev/null 2>&1 && is_recent "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed and none was found: install it (Debian, Ubuntu: apt install python3 python3-venv), or set PYTHON to where it is."
}

# run_module MODULE [WORD...]: become MODULE, with the words given to it.
run_module() {
    venv_python=$root/.venv/bin/python
    if ! "$venv_python" -I -S "$root/deploy/bootstrap.py" --check >/dev/null 2>&1; then
        base_python=$(find_python) || exit 1
        "$base_python" -I "$root/deploy/bootstrap.py" || exit
    fi
    cd "$root"
    unset PYTHONDONTWRITEBYTECODE # many processes run the same modules, and each would compile them anew
    exec "$venv_python" -m "$@"
}
