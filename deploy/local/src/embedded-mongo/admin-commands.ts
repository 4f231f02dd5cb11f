import { hostname, totalmem } from "node:os";
import { maxDocumentBytes } from "./bson-types.js";
import { catalogCommands } from "./catalog-commands.js";
import { optionalWhole, type Handler } from "./command.js";
import { ServerError, typeMismatch, unsupported } from "./server-error.js";
import { maxMessageBytes } from "./wire-protocol.js";

const version = "7.0.0";
const notice = "flow-rag embedded: for one machine, trial and small use";

const hello: Handler = {
  fields: "any", // what a client says of itself; as in a real server, what is not known there changes nothing
  run: ({ name, connectionId }, { catalog }) => ({
    helloOk: true,
    flowRagEmbedded: { logBytes: catalog.logBytes }, // doctor says how large it is, and when to leave it
    [name === "hello" ? "isWritablePrimary" : "ismaster"]: true,
    maxBsonObjectSize: maxDocumentBytes,
    maxMessageSizeBytes: maxMessageBytes,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    // A standalone server has sessions but neither transactions nor retryable writes: the driver sees that no replica set is named.
    logicalSessionTimeoutMinutes: 30,
    connectionId,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
  }),
};

const buildInfo: Handler = {
  fields: [],
  run: () => ({
    version,
    versionArray: [7, 0, 0, 0],
    gitVersion: "flow-rag",
    modules: [notice],
    bits: 64,
    debug: false,
    maxBsonObjectSize: maxDocumentBytes,
    storageEngines: ["flow-rag-embedded"],
  }),
};

const serverStatus: Handler = {
  fields: [],
  run: (_command, { startedAt, cursors }) => ({
    host: hostname(),
    version,
    process: "flow-rag-embedded",
    pid: process.pid,
    uptime: (Date.now() - Number(startedAt)) / 1000,
    localTime: new Date(),
    storageEngine: { name: "flow-rag-embedded", persistent: true },
    metrics: { cursor: { open: { total: cursors.size } } },
  }),
};

const hostInfo: Handler = {
  fields: [],
  run: () => ({
    system: { hostname: hostname(), memSizeMB: Math.round(totalmem() / 2 ** 20), cpuArch: process.arch },
    os: { type: process.platform },
  }),
};

const getLog: Handler = {
  fields: [],
  run: ({ body }) => {
    const log = body["getLog"] === "startupWarnings" ? [JSON.stringify({ s: "W", msg: notice })] : [];
    return { totalLinesWritten: log.length, log };
  },
};

const currentOp: Handler = {
  fields: [],
  run: (_command, { operations }) => ({
    inprog: [...operations.values()].map(({ id, command, namespace, runningMs }) => ({
      type: "op",
      active: true,
      opid: id,
      op: "command",
      ns: namespace,
      command: { [command]: 1 },
      microsecs_running: Math.round(runningMs * 1000),
    })),
  }),
};

const killOp: Handler = {
  fields: ["op"],
  run: ({ body }, { operations }) => {
    const id = optionalWhole(body, "op");
    if (id === undefined) throw typeMismatch("killOp needs the field 'op', a number");
    operations.get(id)?.kill();
    return { info: "attempting to kill op" }; // also for an operation that is over, as a real server
  },
};

const connectionStatus: Handler = {
  fields: ["showPrivileges"],
  run: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] } }),
};

/** Sessions are only names here: nothing has to be done for them. */
const session: Handler = { fields: [], run: () => ({}) };

const noUsers: Handler = {
  fields: ["mechanism", "payload", "options", "autoAuthorize", "conversationId", "user", "db", "pwd", "nonce", "key"],
  run: () => {
    throw new ServerError(
      18,
      "Authentication failed: the embedded MongoDB server of flow-rag has no users. Leave user name, password and authMechanism out of the URI.",
    );
  },
};

const noUserCommands: Handler = {
  fields: ["pwd", "roles", "customData", "mechanisms", "usersInfo", "digestPassword"],
  run: ({ name }) => {
    throw unsupported(`${name}: it has no users`);
  },
};

export const adminCommands: Record<string, Handler> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: { fields: [], run: () => ({}) },
  buildInfo,
  buildinfo: buildInfo,
  serverStatus,
  hostInfo,
  getLog,
  currentOp,
  killOp,
  connectionStatus,
  endSessions: session,
  refreshSessions: session,
  logout: session,
  saslStart: noUsers,
  saslContinue: noUsers,
  authenticate: noUsers,
  createUser: noUserCommands,
  usersInfo: noUserCommands,
  ...catalogCommands,
};
