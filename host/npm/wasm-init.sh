#!/bin/sh
# Becomes the static binary for this machine: it is exec'ed, so that no shell stays behind.
#
# Any POSIX shell will do. npm links node_modules/.bin/wasm-init to this file: links are followed
# with ls, since some systems have no readlink.
self=$0
case $self in
*/*) ;;
*) self=./$self && [ -e "$self" ] || self=$(command -v -- "$0") ;;
esac
while [ -h "$self" ]; do
  link=$(QUOTING_STYLE=literal ls -ld -- "$self")
  link=${link#*" $self -> "}
  case $link in
  /*) self=$link ;;
  *) self=${self%/*}/$link ;;
  esac
done

machine=$(uname -m)
case $machine in
x86_64 | amd64) name=amd64 ;;
aarch64 | arm64) name=arm64 ;;
armv[789]*) name=armhf ;;
i[3456]86) name=i386 ;;
ppc64le) name=ppc64el ;;
s390x | riscv64) name=$machine ;;
*) name= ;;
esac
binary=${self%/*}/wasm-init-linux-$name
if [ ! -x "$binary" ]; then
  echo "wasm-init: this package has no binary for ${machine:-this machine}" >&2
  exit 125
fi
# Who is called by another init's name speaks its command line, as the binary itself does.
case ${0##*/} in
dumb-init | tini | tini-static | catatonit) exec "$binary" --as "${0##*/}" "$@" ;;
*) exec "$binary" "$@" ;;
esac
