#!/bin/sh
# npm start: bring the build up to date, then become the init.
#
# Standard output belongs to the command, and so does standard input: the set-up gets neither.
# exec keeps the process that npm waits for, so that npm's signals reach the init itself, and the
# init's exit status is npm's.
root=${0%/*}/../..
node "$root/tools/setup/setup.mjs" --build </dev/null >&2 || exit 125
exec "$root/build/wasm-init" "$@"
