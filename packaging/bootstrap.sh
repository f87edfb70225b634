#!/bin/sh
# Sets everything up on a fresh machine that has Python 3.11 or newer, then runs the program.
#
#     sh packaging/bootstrap.sh demo [OPTION ...]   try the program on two made-up services, without any account
#     sh packaging/bootstrap.sh test [PATH ...]     run all checks and tests, or only the named tests
#     sh packaging/bootstrap.sh run  [ARGUMENT ...] run the program itself, as in `acassist ARGUMENT ...`
#
# Everything goes to the folder .venv of this checkout. A second call finds it ready and only runs.
# Missing system packages are installed with apt as root or through sudo without a password; otherwise the exact
# command is printed.
#
#     PYTHON=python3.12      use this Python
#     ACASSIST_NO_APT=1      never install system packages, only say which are missing

set -eu

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
VENV=$ROOT/.venv
VPYTHON=$VENV/bin/python
CONSTRAINTS=$ROOT/packaging/constraints.txt
APT_UPDATED=no

# The libraries that Qt loads and a machine without a desktop lacks, and one font to write with.
QT_PACKAGES="libegl1 libgl1 libopengl0 libglib2.0-0 libfontconfig1 libfreetype6 libdbus-1-3 libx11-6 libx11-xcb1
libxkbcommon0 libxkbcommon-x11-0 libxcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
libxcb-render0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1
fonts-dejavu-core"
# What the tests of the real window need: a screen, a window manager, a session bus with accessibility, a keyring.
TEST_PACKAGES="xvfb openbox xdotool scrot dbus at-spi2-core gir1.2-atspi-2.0 python3-gi gnome-keyring libsecret-tools"

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$@"
    exit 1
}

usage() {
    sed -n '2,14s/^# \{0,1\}//p' "$0"
    exit "$1"
}

# --- system packages ------------------------------------------------------------------------------------------

have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_allowed() {
    [ -z "${ACASSIST_NO_APT:-}" ] && have apt-get || return 1
    [ "$(id -u)" = 0 ] && return 0
    have sudo && sudo -n true 2>/dev/null
}

apt_command() {
    # Word splitting joins the lists written above into one line.
    # shellcheck disable=SC2086
    echo sudo apt-get install -y $1
}

apt_install() { # PACKAGES; succeeds when they were installed
    apt_allowed || return 1
    if [ "$APT_UPDATED" = no ]; then
        say "Updating the package lists …"
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 || say "The package lists could not be updated."
        APT_UPDATED=yes
    fi
    say "Installing system packages: $(echo "$1" | tr '\n' ' ')…"
    log=$(mktemp)
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $1 >"$log" 2>&1 &&
        rm -f "$log" && return 0
    tail -n 15 "$log" >&2
    rm -f "$log"
    return 1
}

# --- Python and its virtual environment -----------------------------------------------------------------------

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 python}; do
        if have "$candidate" && new_enough "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

no_python() {
    if [ -n "${PYTHON:-}" ]; then
        die "$PYTHON is not a Python 3.11 or newer."
    fi
    say "Python 3.11 or newer is needed and was not found. On Debian 12 or Ubuntu 24.04 and newer, run:"
    say "    $(apt_command 'python3 python3-venv')"
    die "On older systems, install it from https://www.python.org/downloads/ and call this again with PYTHON=…"
}

venv_works() {
    [ -x "$VPYTHON" ] && new_enough "$VPYTHON" && "$VPYTHON" -m pip --version >/dev/null 2>&1
}

# Each of the next four makes .venv with pip inside, or fails and leaves the reason on the terminal to the next.
venv_plain() { "$1" -m venv --clear "$VENV" >/dev/null 2>&1; }

venv_without_pip() {
    "$1" -m pip --version >/dev/null 2>&1 && "$1" -m venv --clear --without-pip "$VENV" >/dev/null 2>&1 || return 1
    # pip installs pip into an environment that has none; releases before 22.3 know no --python.
    "$1" -m pip --python "$VPYTHON" install --quiet pip >/dev/null 2>&1 && return 0
    site=$("$VPYTHON" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    "$1" -m pip install --quiet --target "$site" pip >/dev/null 2>&1
}

venv_by_virtualenv() {
    made=$(mktemp -d)
    "$1" -m pip install --quiet --target "$made" virtualenv >/dev/null 2>&1 &&
        PYTHONPATH="$made" "$1" -m virtualenv --clear "$VENV" >/dev/null 2>&1
    result=$?
    rm -rf "$made"
    return "$result"
}

venv_by_get_pip() {
    "$1" -m venv --clear --without-pip "$VENV" >/dev/null 2>&1 || return 1
    # The way that pip's own documentation gives for a Python without ensurepip.
    "$1" -c 'import sys, urllib.request as r; sys.stdout.buffer.write(r.urlopen(sys.argv[1], timeout=60).read())' \
        https://bootstrap.pypa.io/get-pip.py 2>/dev/null | "$VPYTHON" - --quiet >/dev/null 2>&1
}

make_venv() {
    python=$(find_python) || {
        apt_install "python3 python3-venv" || true
        python=$(find_python) || no_python
    }
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    say "Making a virtual environment with $python ($version) …"
    venv_plain "$python" && venv_works && return 0
    # Debian keeps ensurepip, which venv needs, in a package of its own.
    case $python in
    /usr/bin/*) apt_install "python3-venv" && venv_plain "$python" && venv_works && return 0 ;;
    esac
    venv_without_pip "$python" && venv_works && return 0
    venv_by_virtualenv "$python" && venv_works && return 0
    venv_by_get_pip "$python" && venv_works && return 0
    rm -rf "$VENV"
    say "$python can make no virtual environment: its modules ensurepip and pip are both missing. Run:"
    die "    $(apt_command "python$version-venv")"
}

# --- the program and what it needs ----------------------------------------------------------------------------

# Changes when an installation would: the requirements, the pins, the Python, and the place of the checkout.
fingerprint() {
    { cat "$ROOT/pyproject.toml" "$CONSTRAINTS" && "$VPYTHON" --version && echo "$ROOT"; } | cksum
}

installed() { # EXTRA
    [ -f "$VENV/.acassist-$1" ] && [ "$(cat "$VENV/.acassist-$1")" = "$(fingerprint)" ]
}

install_program() { # EXTRA: "run" or "test"; "test" includes all of "run"
    installed "$1" || { [ "$1" = run ] && installed test; } && return 0
    what=$ROOT
    [ "$1" = test ] && what="${ROOT}[test]"
    say "Installing the program and the libraries it needs (a minute or two) …"
    "$VPYTHON" -m pip install --quiet --quiet --disable-pip-version-check --no-input -c "$CONSTRAINTS" -e "$what" >&2 ||
        die "The installation failed; pip said why above. It needs a connection to https://pypi.org or to the index that pip is set to."
    fingerprint >"$VENV/.acassist-$1"
}

qt_platform() { # prints the file of Qt's X11 plugin
    "$VPYTHON" -c 'import PySide6, pathlib; print(next(pathlib.Path(PySide6.__file__).parent.rglob("libqxcb.so")))'
}

qt_works() {
    QT_QPA_PLATFORM=offscreen "$VPYTHON" -c 'from PySide6.QtWidgets import QApplication; QApplication([])' \
        >/dev/null 2>&1 || return 1
    [ "$(uname -s)" = Linux ] || return 0
    plugin=$(qt_platform 2>/dev/null) || return 1
    ! ldd "$plugin" | grep -q 'not found' || return 1
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" \
        \( -name '*.ttf' -o -name '*.otf' -o -name '*.ttc' \) 2>/dev/null | head -n 1)" ]
}

ensure_qt() { # "must" or "may": what to do when Qt cannot draw
    qt_works && return 0
    apt_install "$QT_PACKAGES" || true
    qt_works && return 0
    say "The window cannot be drawn: Qt lacks system libraries or a font. To install them, run:"
    say "    $(apt_command "$QT_PACKAGES")"
    [ "$1" = may ] || exit 1
}

has_display() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; }

# --- the three commands ---------------------------------------------------------------------------------------

prepare() { # EXTRA
    venv_works || make_venv
    install_program "$1"
}

window_tools() {
    have Xvfb && have openbox && have xdotool && have dbus-run-session && have gnome-keyring-daemon &&
        have secret-tool && [ -x /usr/libexec/at-spi-bus-launcher ] &&
        /usr/bin/python3 -c 'import gi; gi.require_version("Atspi", "2.0"); from gi.repository import Atspi' \
            >/dev/null 2>&1
}

ensure_window_tools() {
    [ "$(uname -s)" = Linux ] || return 0
    window_tools || apt_install "$TEST_PACKAGES" || true
    window_tools && return 0
    say "The tests of the real window will be skipped; to run them too:"
    say "    $(apt_command "$TEST_PACKAGES")"
}

FAILED=""

check() { # NAME COMMAND …
    name=$1
    shift
    say "== $name"
    started=$(date +%s)
    "$@" || FAILED="$FAILED
    $name"
    say "   $(($(date +%s) - started)) s"
}

run_tests() {
    cd "$ROOT"
    check "Floors (import-linter)" "$VENV/bin/lint-imports"
    check "Style (ruff)" "$VPYTHON" -m ruff check .
    check "Types (mypy)" "$VPYTHON" -m mypy
    # What is timed and what drives whole processes runs alone, everything else on two cores.
    check "Tests of the engine" "$VPYTHON" -m pytest -q -n 2 --dist worksteal --ignore=tests/gui --ignore=tests/e2e \
        --ignore=tests/benchmarks --ignore=tests/contract/control/test_speed.py
    # Fresh seeds from 1000, or from ACASSIST_FIRST_SEED; the table says how often each rule fired.
    check "Simulation" "$VPYTHON" -m tests.simulation --jobs 2 --seeds 300 --fired 200 \
        --start "${ACASSIST_FIRST_SEED:-1000}"
    check "Tests of speed" "$VPYTHON" -m pytest -q tests/contract/control/test_speed.py tests/benchmarks
    check "Tests of the window" "$VPYTHON" -m pytest -q -n 2 --dist worksteal tests/gui
    check "Tests of the whole program" "$VPYTHON" -m pytest -q tests/e2e
    [ -z "$FAILED" ] || die "Failed:$FAILED"
    say "All checks and tests passed."
}

[ $# -gt 0 ] || usage 2
command=$1
shift
case $command in
demo)
    prepare run
    if has_display; then ensure_qt must; else ensure_qt may; fi
    exec "$VPYTHON" -m acassist demo "$@"
    ;;
run)
    prepare run
    if [ $# -eq 0 ]; then ensure_qt must; fi
    exec "$VPYTHON" -m acassist "$@"
    ;;
test)
    prepare test
    ensure_qt must
    ensure_window_tools
    QT_QPA_PLATFORM=${QT_QPA_PLATFORM:-offscreen}
    export QT_QPA_PLATFORM
    if [ $# -eq 0 ]; then run_tests; else cd "$ROOT" && exec "$VPYTHON" -m pytest "$@"; fi
    ;;
-h | --help | help) usage 0 ;;
*) usage 2 ;;
esac
