#!/bin/sh
# In a folder after `npm ci --omit=dev --workspace $1`: writes the bill of materials, then drops what a Linux container never loads:
# browsers' runtime, other systems' binaries, and the Chroma server that is for trying out without a container.
set -eu
npm sbom --workspace "$1" --package-lock-only --omit=dev --sbom-format=cyclonedx >sbom.cdx.json
cd node_modules
rm -rf onnxruntime-web chromadb-js-bindings-*
case "$(uname -m)" in aarch64) arch=arm64 ;; *) arch=x64 ;; esac
for folder in onnxruntime-node/bin/*/*/*; do
  case "$folder" in */linux/$arch) ;; *) rm -rf "$folder" ;; esac
done
