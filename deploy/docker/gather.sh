#!/bin/sh
# Copies what runs (compiled workspaces and their manifests) from the present folder to $1, in the same places.
set -eu
mkdir -p "$1"
find shared services deploy/local -mindepth 1 -maxdepth 2 \( -name dist -o -name assets -o -name package.json \) -prune -print |
  tar --create --exclude='*.d.ts' --exclude='*.tsbuildinfo' --exclude='*.map' --files-from=- | tar --extract --directory="$1"
cp package.json "$1/"
