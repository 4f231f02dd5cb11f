#!/bin/sh
# In a folder after `npm ci --omit=dev --workspace $1`: writes the bill of materials, then drops what a Linux container never loads:
# other systems' binaries, and the Chroma server that is for trying out without a container.
set -eu
npm sbom --workspace "$1" --package-lock-only --omit=dev --sbom-format=cyclonedx >sbom.cdx.json
node deploy/docker/keep-platform.mjs
rm -rf node_modules/chromadb-js-bindings-*
