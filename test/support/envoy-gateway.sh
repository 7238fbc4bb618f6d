#!/bin/bash
# Runs Envoy Gateway with its certificates in /certs, the only place where it looks for them. The machine has no such folder
# and gets none: this runs in a mount namespace of its own, whose root is a copy of the machine's, made of mounts.
# usage: cd <its folder>; unshare --mount bash envoy-gateway.sh PROGRAM
set -euo pipefail
program=$1

mkdir -p root
mount -t tmpfs -o mode=755 tmpfs root
for path in /*; do
  if [ -L "$path" ]; then
    cp --no-dereference "$path" "root$path"
  elif [ -d "$path" ]; then
    mkdir "root$path"
    mount --rbind "$path" "root$path"
  fi
done
mkdir root/certs
mount --bind config/certs/envoy-gateway root/certs

exec chroot root "$program" server --config-path "$PWD/config.json"
