/** The absolute form (RFC 9112 section 3.2.2) of the two schemes that HTTP is spoken under, up to its path. */
const schemeAndAuthority = /^https?:\/\/[^/?#]*/i;

/**
 * The path of a request target, as it was sent: nothing is decoded, and neither dots nor slashes are made less. Routes
 * are compared with it byte for byte, so a path that a proxy in front has let pass under one spelling is never served
 * under another. Of an absolute form (`http://host/path`) the path counts, and the host is not looked at: there is one
 * site here. Null for every other form, such as `*`.
 */
export function pathOfTarget(target: string | undefined): string | null {
  if (target === undefined) return null;
  const rest = target.startsWith('/') ? target : withoutAuthority(target);
  return rest === null ? null : (rest.split('?', 1)[0] ?? null);
}

function withoutAuthority(target: string): string | null {
  const authority = schemeAndAuthority.exec(target)?.[0];
  if (authority === undefined) return null;
  const rest = target.slice(authority.length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}
