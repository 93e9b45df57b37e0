#!/bin/sh
# Installs Debabelizer for you, or for everybody; no package manager is asked.
#   ./install.sh                    into ~/.local
#   ./install.sh --prefix /usr/local   for everybody (as root)
#   ./install.sh --remove [--prefix DIR]   takes the program away again; settings, history and models stay
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
prefix=$HOME/.local
remove=
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) prefix=${2:?--prefix needs a folder}; shift ;;
        --remove) remove=yes ;;
        -h | --help) sed -n 's/^# \{0,1\}//; 2,5p' "$0"; exit ;;
        *) echo "install.sh: unknown option $1; see --help" >&2; exit 2 ;;
    esac
    shift
done
case $prefix in /*) ;; *) prefix=$(pwd)/$prefix ;; esac
program=$prefix/lib/debabelizer
list=$program/installed-files

take_away() { # the files of an installed version, and the folders that are empty then
    [ -f "$list" ] || return 0
    while read -r file; do
        rm -f "$prefix/$file"
        rmdir -p --ignore-fail-on-non-empty "$(dirname "$prefix/$file")" 2>/dev/null || true
    done <"$list"
    rm -rf "$program"
    rmdir -p --ignore-fail-on-non-empty "$prefix/lib" 2>/dev/null || true
}

tell_desktop() { # menus find what is new by themselves at the next login, by this at once
    entries=$prefix/share/applications
    if ls "$entries"/*.desktop >/dev/null 2>&1; then
        ! command -v update-desktop-database >/dev/null 2>&1 || update-desktop-database -q "$entries" 2>/dev/null || true
    else
        rm -f "$entries/mimeinfo.cache"
        rmdir -p --ignore-fail-on-non-empty "$entries" 2>/dev/null || true
    fi
}

missing_libraries() {
    known=$( (ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null) || true)
    while read -r library; do
        case $known in *"$library "*) ;; *) printf ' %s' "$library" ;; esac
    done <"$here/libraries"
}

if [ -n "$remove" ]; then
    take_away
    tell_desktop
    echo "Debabelizer is removed from $prefix. Your settings, history and models are where they were."
    exit
fi

mkdir -p "$prefix/lib" "$prefix/bin"
rm -rf "$program.new"
cp -R "$here/program" "$program.new"  # all of it is there before the old version goes
(cd "$here" && find share -type f) >"$program.new/installed-files"
printf 'bin/%s\n' debabelizer debabelizer-desktop >>"$program.new/installed-files"
take_away
mkdir -p "$prefix/lib" "$prefix/bin"
mv "$program.new" "$program"
cp -R "$here/share" "$prefix/"
for entry in "$here"/share/applications/*.desktop; do
    sed "s|^Exec=\([^ ]*\)|Exec=\"$prefix/bin/\1\"|" "$entry" >"$prefix/share/applications/$(basename "$entry")"
done
for command in debabelizer debabelizer-desktop; do ln -sf "$program/$command" "$prefix/bin/$command"; done
tell_desktop

missing=$(missing_libraries)
[ -z "$missing" ] || printf 'These libraries are missing; install the packages of your system that hold them:%s\n' "$missing"
case :$PATH: in *:"$prefix/bin":*) ;; *) echo "Start it as $prefix/bin/debabelizer, or add $prefix/bin to PATH." ;; esac
echo "Debabelizer is installed in $prefix. To remove it: $here/install.sh --remove --prefix $prefix"
