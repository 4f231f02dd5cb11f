/** What a browser says of the page that sent a request, and the name under which it reached us, as a trusted proxy tells it. */
export type Sender = { readonly site: string | undefined; readonly origin: string | undefined; readonly host: string | undefined };

/**
 * Whether a request that changes something came from a page that is not ours. `mustTell`: who says nothing is foreign too, because a cookie
 * came along; a client without cookies may be silent.
 *
 * `Sec-Fetch-Site` is the browser's own word, which no page can set or leave out, and it stays true behind a proxy that renames us:
 * where it is there, it decides (as in Go's net/http CrossOriginProtection). Chromium and Firefox since 90, Safari since 16.4 send it to https
 * and to this machine. Older Safari, and every browser on plain http by a host name, are known by `Origin`. `null` alone says nothing: a sandboxed
 * frame of another site sends it as well.
 */
export function isForeign({ site, origin, host }: Sender, { mustTell }: { mustTell: boolean }): boolean {
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  if (origin === undefined) return mustTell;
  return !isHost(origin, host);
}

/** Whether an origin is of this host; the port that its scheme has anyway may be there or not. */
function isHost(origin: string, host = ""): boolean {
  if (!URL.canParse(origin) || !/^[\w.:[\]-]+$/.test(host)) return false;
  const { protocol, host: given } = new URL(origin);
  const own = `${protocol}//${host}`;
  return given !== "" && URL.canParse(own) && new URL(own).host === given;
}

/** Whether a host, with its port, is a name that every machine has for itself. */
export const isLoopbackHost = (host: string | undefined): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host ?? "");
