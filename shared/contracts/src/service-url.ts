import { z } from "zod";

/** Names and addresses under which clouds tell a machine its own credentials, and addresses that mean "here" in disguise. */
const metadataNames = /^(metadata|metadata\.google\.internal|metadata\.goog|instance-data(\.ec2\.internal)?)\.?$/i;
const metadataAddresses = new Set(["100.100.100.200", "168.63.129.16", "[fd00:ec2::254]"]);
const wanted = "must be an http:// or https:// address";

function problemOf(text: string): string | undefined {
  // Readers differ on these; what one takes for a path another takes for the host.
  if (/[\\\s\p{Cc}]/u.test(text)) return `${wanted} without spaces or backslashes`;
  if (!URL.canParse(text)) return wanted;
  const { protocol, username, password, hostname, hash } = new URL(text);
  const authority = /^[a-z]+:\/\/([^/?#]*)/i.exec(text)?.[1] ?? "";
  if (protocol !== "http:" && protocol !== "https:") return wanted;
  if (username !== "" || password !== "" || authority.includes("@"))
    return `${wanted} without a user: give the key in a variable of its own`;
  if (authority.includes("%")) return `${wanted} without encoded characters in the host`;
  if (hash !== "") return `${wanted} without a fragment`;
  if (isForbidden(hostname)) return "may not be an address of cloud metadata, link-local or unspecified";
  return undefined;
}

/** `hostname` as a URL gives it: 0x7f.1 or 2130706433 have become dotted decimals already. */
function isForbidden(hostname: string): boolean {
  if (metadataNames.test(hostname) || metadataAddresses.has(hostname)) return true;
  const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(hostname);
  const inner = mapped ? [mapped[1], mapped[2]].map((part) => Number.parseInt(part ?? "0", 16)) : undefined;
  const address = inner ? [inner[0]! >> 8, inner[0]! & 255, inner[1]! >> 8, inner[1]! & 255].join(".") : hostname;
  return (
    /^169\.254\./.test(address) ||
    /^0\./.test(address) ||
    metadataAddresses.has(address) ||
    address === "[::]" ||
    /^\[fe[89ab][0-9a-f]:/.test(address)
  );
}

/**
 * The address of a service that we call. It comes from the configuration, never from a request; private hosts are what most installations
 * have. Refused: other schemes, a user in the address, disguised hosts, cloud metadata.
 */
export const serviceUrl = z.string().superRefine((text, context) => {
  const message = problemOf(text);
  if (message !== undefined) context.addIssue({ code: "custom", message });
});
