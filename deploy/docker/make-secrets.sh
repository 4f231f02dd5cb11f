#!/bin/sh
# Writes ./secrets for docker-compose.yml: random passwords and the addresses that hold them. What is there is kept.
# Your own MongoDB: put its address into secrets/mongo_uri (a read-only user is enough).
set -eu
cd "$(dirname "$0")/../.."
mkdir -p secrets
chmod 700 secrets
random() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
secret() {
  [ -e "secrets/$1" ] && return 0
  printf '%s' "$2" >"secrets/$1"
  chmod 644 "secrets/$1" # the folder is closed; the containers' users must read the file
  echo "secrets/$1"
}
secret redis_password "$(random)"
secret redis_url "redis://:$(cat secrets/redis_password)@redis:6379"
secret mongo_root_password "$(random)"
secret mongo_reader_password "$(random)"
secret mongo_writer_password "$(random)"
secret mongo_importer_password "$(random)"
secret mongo_uri "mongodb://flow_rag_reader:$(cat secrets/mongo_reader_password)@mongo:27017/?authSource=admin"
secret mongo_import_uri "mongodb://flow_rag_importer:$(cat secrets/mongo_importer_password)@mongo:27017/?authSource=admin"
secret state_mongo_uri "mongodb://flow_rag_writer:$(cat secrets/mongo_writer_password)@mongo:27017/?authSource=admin"
secret metrics_key "none yet: npx flow-rag keys create --name prometheus --scopes metrics"
secret grafana_password "$(random)"
