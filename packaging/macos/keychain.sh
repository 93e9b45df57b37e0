#!/bin/sh
# Brings the certificate that a release is signed with into a keychain of its own, and the notary's access with it.
# What it needs stands in the environment (see .github/workflows/release.yml); without a certificate nothing is signed.
# Prints the variables that targets/macos.py reads.
#
#   keychain.sh FILE
set -eu
keychain=$1
if [ -z "${MACOS_CERTIFICATE:-}" ]; then
    echo "no certificate: the app is signed for the machine that builds it only" >&2
    exit 0
fi
password=$(openssl rand -base64 24) # only this run opens it
certificate=$(mktemp)
trap 'rm -f "$certificate"' EXIT
printf %s "$MACOS_CERTIFICATE" | base64 --decode >"$certificate"
{
    security create-keychain -p "$password" "$keychain"
    security set-keychain-settings -t 7200 "$keychain"
    security unlock-keychain -p "$password" "$keychain"
    security import "$certificate" -P "$MACOS_CERTIFICATE_PASSWORD" -k "$keychain" -f pkcs12 -T /usr/bin/codesign
    security set-key-partition-list -S apple-tool:,apple: -k "$password" "$keychain"
    security list-keychains -d user -s "$keychain" login.keychain
} >/dev/null
echo "DEBABELIZER_CODESIGN_IDENTITY=$MACOS_IDENTITY"
if [ -n "${MACOS_NOTARY_PASSWORD:-}" ]; then
    xcrun notarytool store-credentials release --apple-id "$MACOS_NOTARY_APPLE_ID" --team-id "$MACOS_NOTARY_TEAM" \
        --password "$MACOS_NOTARY_PASSWORD" >/dev/null
    echo "DEBABELIZER_NOTARY_PROFILE=release"
fi
