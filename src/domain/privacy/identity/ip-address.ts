import ipaddr from 'ipaddr.js';

// Longest: an IPv6 address with an embedded IPv4 one (45), zone id, brackets and port.
const maxTextLength = 128;

// No leading zeros: some parsers read them as octal, and an address must have one spelling.
const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^(${octet}(?:\\.${octet}){3})(?::(\\d{1,5}))?$`);
const bracketed = /^\[([^\]]*)\](?::(\d{1,5}))?$/;
// RFC 4007 section 11: an interface's name behind a per cent sign. It says nothing about the visitor.
const zoneId = /%[\w.~%-]{1,64}$/;
const ipv6Characters = /^[0-9a-fA-F:.]{2,45}$/;

/**
 * The one spelling of an IP address, or null for anything else. Takes an optional port (`1.2.3.4:5678`,
 * `[::1]:443`), brackets and a zone id, and drops them. IPv4-mapped IPv6 becomes IPv4; IPv6 is lower-case and
 * compressed (RFC 5952). Idempotent.
 */
export function canonicalIp(text: string): string | null {
  if (typeof text !== 'string' || text.length > maxTextLength) return null;
  const four = ipv4.exec(text);
  if (four) return isPort(four[2]) ? (four[1] ?? null) : null;
  const inBrackets = bracketed.exec(text);
  if (inBrackets) return isPort(inBrackets[2]) ? canonicalIpv6(inBrackets[1] ?? '') : null;
  return canonicalIpv6(text);
}

function isPort(text: string | undefined): boolean {
  return text === undefined || Number(text) <= 65_535;
}

function canonicalIpv6(text: string): string | null {
  const bare = text.replace(zoneId, '');
  if (!ipv6Characters.test(bare) || !ipaddr.IPv6.isValid(bare)) return null;
  const address = ipaddr.IPv6.parse(bare);
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address.toRFC5952String();
}

/**
 * The part of a canonical address that stays with a visitor: IPv4 as it is; of IPv6 the /64, because privacy
 * addresses (RFC 8981) change within it from day to day and an interface could pick 2^64 of them.
 */
export function hashableIp(canonical: string): string {
  if (!canonical.includes(':') || !ipaddr.IPv6.isValid(canonical)) return canonical;
  const network = ipaddr.IPv6.parse(canonical).parts.slice(0, 4);
  return `${new ipaddr.IPv6([...network, 0, 0, 0, 0]).toRFC5952String()}/64`;
}

/**
 * The caller's address in an `X-Forwarded-For` header behind `hops` trusted proxies: the hop-th entry from the
 * right, canonical. What stands to the left of it is the client's own claim and is not looked at, however long it is.
 * Null when the header is missing, has fewer entries, or that entry is no address.
 */
export function addressFromForwardedFor(headerValue: string | null, hops: number): string | null {
  if (headerValue === null || !Number.isInteger(hops) || hops < 1) return null;
  let end = headerValue.length;
  for (let hop = 1; hop < hops; hop++) {
    end = end < 1 ? -1 : headerValue.lastIndexOf(',', end - 1);
    if (end < 0) return null;
  }
  const start = end < 1 ? 0 : headerValue.lastIndexOf(',', end - 1) + 1;
  return canonicalIp(trimmed(headerValue, start, end));
}

/** A piece of a header without the blanks around it. An entry of blanks alone costs no more than its length. */
function trimmed(header: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from < to && isBlank(header[from])) from++;
  while (to > from && isBlank(header[to - 1])) to--;
  return header.slice(from, to);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
