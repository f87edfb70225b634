#!/bin/sh
# Puts a built program (dist/acassist, made by packaging/build.py) into the home folder of one user, or takes it out.
#
#     sh packaging/linux/install.sh            install for this user
#     sh packaging/linux/install.sh --remove   take it out again; settings and data stay
#
# PREFIX chooses another place than ~/.local.

set -eu

HERE=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
ROOT=$(CDPATH='' cd -- "$HERE/../.." && pwd)
PREFIX=${PREFIX:-$HOME/.local}
ID=io.github.acassist.Acassist
LIBRARY=$PREFIX/lib/acassist
SIZES="16 20 24 32 40 48 64 96 128 256 512"

remove() {
    rm -rf "$LIBRARY"
    rm -f "$PREFIX/bin/acassist" "$PREFIX/share/applications/$ID.desktop" "$PREFIX/share/metainfo/$ID.metainfo.xml"
    rm -f "$PREFIX/share/icons/hicolor/scalable/apps/$ID.svg"
    for size in $SIZES; do
        rm -f "$PREFIX/share/icons/hicolor/${size}x${size}/apps/$ID.png"
    done
}

install_file() { # FILE TARGET
    mkdir -p "$(dirname -- "$2")"
    cp "$1" "$2"
}

refresh() {
    if command -v update-desktop-database >/dev/null 2>&1; then
        update-desktop-database -q "$PREFIX/share/applications" || true
    fi
}

if [ "${1:-}" = --remove ]; then
    remove
    refresh
    echo "Removed. The data folder stays: ${XDG_DATA_HOME:-$HOME/.local/share}/acassist"
    exit 0
fi

[ -x "$ROOT/dist/acassist/acassist" ] || {
    echo "dist/acassist is missing; build it first: .venv/bin/python packaging/build.py" >&2
    exit 1
}
remove
mkdir -p "$PREFIX/lib" "$PREFIX/bin"
cp -R "$ROOT/dist/acassist" "$LIBRARY"
ln -sf "$LIBRARY/acassist" "$PREFIX/bin/acassist"
mkdir -p "$PREFIX/share/applications"
# A menu does not read the PATH of a terminal: the entry names the program by its full path.
sed "s|^Exec=acassist|Exec=\"$PREFIX/bin/acassist\"|" "$HERE/$ID.desktop" >"$PREFIX/share/applications/$ID.desktop"
install_file "$HERE/$ID.metainfo.xml" "$PREFIX/share/metainfo/$ID.metainfo.xml"
install_file "$ROOT/resources/icons/app.svg" "$PREFIX/share/icons/hicolor/scalable/apps/$ID.svg"
for size in $SIZES; do
    install_file "$ROOT/resources/icons/app/app-$size.png" "$PREFIX/share/icons/hicolor/${size}x${size}/apps/$ID.png"
done
refresh
echo "Installed: $PREFIX/bin/acassist"
