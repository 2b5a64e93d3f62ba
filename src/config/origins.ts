/** A scheme, a host and perhaps a port, and none of what `new URL` would repair, cut off or take for a wildcard. */
const shape = /^https?:\/\/[^\s\p{Cc}/\\?#@*]+\/?$/iu;

/**
 * A web origin as browsers serialise it (HTML, "serialization of an origin"): lower case, punycode, no default
 * port, no slash at the end. Null for anything that is not exactly one http or https origin: `*`, `null`,
 * wildcards, paths, credentials, other schemes.
 */
export function webOrigin(text: string): string | null {
  if (!shape.test(text)) return null;
  try {
    return new URL(text).origin;
  } catch {
    return null;
  }
}
