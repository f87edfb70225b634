#!/bin/sh
# Signs the app built by packaging/build.py, packs it into a disk image, has Apple notarise it, and staples the ticket.
#
#     sh packaging/macos/notarise.sh "Developer ID Application: NAME (TEAM)" KEYCHAIN_PROFILE
#
# Runs on macOS with Xcode's command line tools. KEYCHAIN_PROFILE names the Apple credentials, stored once with:
#     xcrun notarytool store-credentials KEYCHAIN_PROFILE

set -eu

[ $# -eq 2 ] || {
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
IDENTITY=$1
PROFILE=$2
ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
APP="$ROOT/dist/ActiveCampaign Setup Assistant.app"
VERSION=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$ROOT/acassist/__init__.py")
IMAGE="$ROOT/dist/acassist-$VERSION.dmg"
ENTITLEMENTS="$ROOT/packaging/macos/entitlements.plist"

[ -d "$APP" ] || {
    echo "$APP is missing; build it first: python packaging/build.py" >&2
    exit 1
}

sign() { codesign --force --timestamp --options runtime --sign "$IDENTITY" "$@"; }

# From the inside out: a bundle's signature covers what lies in it.
find "$APP" -type f \( -name '*.dylib' -o -name '*.so' \) | while IFS= read -r library; do
    sign "$library"
done
find "$APP" -type d -name '*.framework' | while IFS= read -r framework; do
    sign "$framework"
done
sign --entitlements "$ENTITLEMENTS" "$APP"
codesign --verify --deep --strict "$APP"

rm -f "$IMAGE"
STAGE=$(mktemp -d)
trap 'rm -rf "$STAGE"' EXIT
cp -R "$APP" "$STAGE/"
ln -s /Applications "$STAGE/Applications"
hdiutil create -quiet -volname "ActiveCampaign Setup Assistant" -srcfolder "$STAGE" -format UDZO "$IMAGE"
sign "$IMAGE"

xcrun notarytool submit "$IMAGE" --keychain-profile "$PROFILE" --wait
xcrun stapler staple "$IMAGE"
spctl --assess --type open --context context:primary-signature --verbose "$IMAGE"
echo "$IMAGE"
