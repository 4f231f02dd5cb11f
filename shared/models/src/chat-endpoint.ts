import { AppError } from "@flow-rag/kernel";
import { once } from "node:events";
import { lookup } from "node:dns/promises";
import { BlockList, connect, isIPv6 } from "node:net";

/** Addresses that clouds answer their machines' credentials on. Source: documentation of AWS, Google Cloud, Azure, Alibaba Cloud, Oracle Cloud. */
const metadata = new BlockList();
metadata.addSubnet("169.254.0.0", 16, "ipv4");
metadata.addAddress("100.100.100.200", "ipv4");
metadata.addAddress("168.63.129.16", "ipv4");
metadata.addAddress("192.0.0.192", "ipv4");
metadata.addSubnet("0.0.0.0", 8, "ipv4");
metadata.addSubnet("fe80::", 10, "ipv6");
metadata.addAddress("fd00:ec2::254", "ipv6");
metadata.addAddress("fd20:ce::254", "ipv6");
const metadataNames = /^(?:metadata|instance-data)(?:\.|$)|\.metadata\.|(?:^|\.)metadata\.google\.internal$/i;

const wanted = "must be an http(s) address without user, password, query or fragment: the key goes into LITELLM_API_KEY";

/**
 * The base address of an OpenAI-compatible API, with its version: `/v1` is added to an address without a path.
 * @throws AppError `misconfigured` when it is no http(s) address, carries a password, or is a cloud's metadata service.
 */
export function checkEndpoint(baseUrl: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  // A backslash and an encoded delimiter are read differently by different parsers.
  if (!url || !/^https?:$/.test(url.protocol) || /[\\\s]|%(?:2f|40|5c)/i.test(baseUrl))
    throw new AppError("misconfigured", `LITELLM_API_BASE ${wanted}`);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "" || /[?#]|\/\/[^/]*@/.test(baseUrl))
    throw new AppError("misconfigured", `LITELLM_API_BASE ${wanted}`);
  const host = hostOf(url);
  if (metadataNames.test(host.replace(/\.$/, "")) || isMetadata(host))
    throw new AppError("misconfigured", "LITELLM_API_BASE is a cloud's metadata service");
  url.pathname = url.pathname === "/" ? "/v1" : url.pathname.replace(/\/+$/, "");
  return url;
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "");

function isMetadata(address: string): boolean {
  if (!isIPv6(address)) return /^[\d.]+$/.test(address) && metadata.check(address, "ipv4");
  // ::ffff:a9fe:a9fe is an IPv4 address in disguise.
  const mapped = /^::ffff:(?:([\da-f]{1,4}):([\da-f]{1,4})|([\d.]+))$/i.exec(address);
  if (!mapped) return metadata.check(address, "ipv6");
  const [, high = "0", low = "0", dotted] = mapped;
  const bytes = [parseInt(high, 16) >> 8, parseInt(high, 16) & 255, parseInt(low, 16) >> 8, parseInt(low, 16) & 255];
  return metadata.check(dotted ?? bytes.join("."), "ipv4");
}

/**
 * Resolves once the endpoint takes connections. A host that is down is known within `withinMs`, long before its answer would be late.
 * Names are resolved each time: one that has come to mean a metadata service is refused.
 * @throws AppError `upstream_unavailable`, or `misconfigured` for a metadata service; the signal's reason.
 */
export async function reachEndpoint(url: URL, withinMs: number, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  const unavailable = (what: string, cause?: unknown) => new AppError("upstream_unavailable", `${url.host} ${what}`, { cause });
  const late = new Promise<never>((_resolve, reject) =>
    limit.addEventListener("abort", () => reject(unavailable("is silent")), { once: true }),
  );
  late.catch(() => undefined);
  try {
    const found = await Promise.race([lookup(hostOf(url), { all: true }), late]);
    if (found.some(({ address }) => isMetadata(address)))
      throw new AppError("misconfigured", "LITELLM_API_BASE is a cloud's metadata service");
    const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
    const socket = connect({ host: hostOf(url), port, autoSelectFamily: true });
    try {
      await Promise.race([once(socket, "connect"), late]);
    } finally {
      socket.on("error", () => {}); // what it says once nobody waits
      socket.destroy();
    }
  } catch (thrown) {
    signal.throwIfAborted();
    throw thrown instanceof AppError ? thrown : unavailable("cannot be reached", thrown);
  }
}
