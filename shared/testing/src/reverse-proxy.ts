import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { once } from "node:events";
import { request, type IncomingMessage, type RequestListener, createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

type Options = {
  /** Whether browsers come by https, which ends here: the certificate is signed by nobody. */
  readonly tls: boolean;
  /** What is sent on beside the request's own headers; `host` replaces the one that the browser sent. */
  readonly headers: (request: IncomingMessage) => Readonly<Record<string, string>>;
};

/** A reverse proxy in front of a service, as nginx or an ingress is one. Resolves with its port on 127.0.0.1. */
export async function startReverseProxy(target: string, { tls, headers }: Options): Promise<{ port: number; close: () => Promise<void> }> {
  const pass: RequestListener = (incoming, outgoing) => {
    const onward = request(
      `${target}${incoming.url ?? "/"}`,
      { method: incoming.method, headers: { ...incoming.headers, ...headers(incoming) } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.once("error", () => outgoing.destroy());
    incoming.pipe(onward);
  };
  const server = tls ? createSecureServer(await makeCertificate(), pass) : createServer(pass);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function makeCertificate(): Promise<{ key: Buffer; cert: Buffer }> {
  const folder = await mkdtemp(join(tmpdir(), "flow-rag-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  try {
    const about = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=flow-rag test"];
    await promisify(execFile)("openssl", ["req", "-x509", ...about, "-keyout", key, "-out", cert]);
    return { key: await readFile(key), cert: await readFile(cert) };
  } finally {
    await rm(folder, { recursive: true });
  }
}
