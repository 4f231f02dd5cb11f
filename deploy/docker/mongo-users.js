// Run once by the mongo image, on an empty volume: one user that reads the source, one that writes flow-rag's own data and cannot touch the
// source, and one for "flow-rag import" alone.
const { readFileSync } = require("node:fs");
const password = (name) => readFileSync(`/run/secrets/${name}`, "utf8").trim();
const admin = db.getSiblingDB("admin");
const { SOURCE_DATABASE: source, STATE_DATABASE: state } = process.env;
admin.createUser({ user: "flow_rag_reader", pwd: password("mongo_reader_password"), roles: [{ role: "read", db: source }] });
admin.createUser({ user: "flow_rag_writer", pwd: password("mongo_writer_password"), roles: [{ role: "readWrite", db: state }] });
admin.createUser({ user: "flow_rag_importer", pwd: password("mongo_importer_password"), roles: [{ role: "readWrite", db: source }] });
