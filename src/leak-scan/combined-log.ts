import { isIP } from 'node:net';

/** One request as an access log in combined format tells of it. Raw: lives in the replay only. */
export interface LogRecord {
  readonly address: string;
  readonly time: Date;
  /** Path of the request target, without query and fragment. */
  readonly path: string;
  readonly status: number;
  readonly referrer: string | null;
  /** One character per byte (ISO 8859-1), as it stood in the header; null where the log has `-` or nothing. */
  readonly userAgent: string | null;
}

// Apache httpd 2.4, mod_log_config: "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\"".
const quoted = '"((?:[^"\\\\]|\\\\.)*)"';
const lineForm = new RegExp(
  `^(\\S+) \\S+ (?:\\S+|"(?:[^"\\\\]|\\\\.)*") \\[([^\\]]{26})\\] ${quoted} (\\d{3}) (?:\\d+|-) ${quoted} ${quoted}$`,
);
const requestForm = /^[A-Z][A-Z-]{0,31} (\S+)(?: HTTP\/\d(?:\.\d)?)?$/;
const timeForm = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * Reads one line, strictly: null for anything that is not a whole record of the combined format with an IP
 * address, an existing date and a request for a path. Linear in the length of the line; never throws.
 */
export function parseCombinedLine(line: string): LogRecord | null {
  const [, address = '', stamp = '', request = '', status = '', referrer = '', userAgent = ''] =
    lineForm.exec(line) ?? [];
  if (isIP(address) === 0) return null;
  const time = parseTime(stamp);
  const target = requestForm.exec(unescapeField(request))?.[1];
  const path = target === undefined ? null : pathOf(target);
  if (time === null || path === null) return null;
  return {
    address,
    time,
    path,
    status: Number(status),
    referrer: fieldOrNull(referrer),
    userAgent: fieldOrNull(userAgent),
  };
}

const simpleEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', v: '\v' };

/** Undoes the escapes that Apache writes (`\"`, `\\`, `\n` …, `\xhh`): one character per byte. */
export function unescapeField(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|(.))/g,
    (_, hex: string | undefined, plain: string | undefined) =>
      hex === undefined
        ? (simpleEscapes[plain ?? ''] ?? plain ?? '')
        : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function fieldOrNull(field: string): string | null {
  return field === '-' || field.trim() === '' ? null : unescapeField(field);
}

function parseTime(stamp: string): Date | null {
  const match = timeForm.exec(stamp);
  if (match === null) return null;
  const [day = 0, year = 0, hour = 0, minute = 0, second = 0] = [1, 3, 4, 5, 6].map((group) =>
    Number(match[group]),
  );
  const month = months.indexOf(match[2] ?? '');
  const local = new Date(Date.UTC(year, month, day, hour, minute, second));
  // 31 April or 25:00 would roll over into a time that nobody wrote.
  const exists =
    month >= 0 && local.getUTCDate() === day && local.getUTCHours() === hour && minute < 60 && second < 60;
  const offset = Number(match[8]) * 60 + Number(match[9]);
  if (!exists || offset > 14 * 60) return null;
  return new Date(local.getTime() - (match[7] === '-' ? -offset : offset) * 60_000);
}

/** Origin form, or the path of the absolute form that proxies are sent; null for anything else. */
function pathOf(target: string): string | null {
  const path = target.startsWith('/') ? target : /^https?:\/\/[^/?#]+(.*)$/i.exec(target)?.[1];
  if (path === undefined) return null;
  const cut = decodeBytes(path).replace(/[?#].*$/s, '');
  return cut === '' ? '/' : cut;
}

/** UTF-8 where the bytes are UTF-8, ISO 8859-1 otherwise. */
function decodeBytes(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: "all ASCII" is what is meant.
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}
