import { type Reason, StoreUnavailable } from '../../domain/ports/index.js';
import { type StoreReason, storeReasons } from './reasons.js';
import { failureCode } from './sql-failure.js';

/** SQLSTATE codes (PostgreSQL manual, appendix A), and the codes of Node's sockets and of OpenSSL. */
const byCode: Readonly<Record<string, StoreReason>> = {
  ENOTFOUND: 'nameUnknown',
  EAI_AGAIN: 'nameUnknown',
  EAI_NODATA: 'nameUnknown',
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  EHOSTUNREACH: 'noRoute',
  ENETUNREACH: 'noRoute',
  EHOSTDOWN: 'noRoute',
  ETIMEDOUT: 'connectTimeout',
  ECONNRESET: 'lost',
  EPIPE: 'lost',

  '28P01': 'password',
  '28000': 'login',
  '3D000': 'noDatabase',
  '42501': 'noRights',
  '53300': 'tooMany',
  '53100': 'diskFull',
  '25006': 'readOnly',
  '57P01': 'starting',
  '57P02': 'starting',
  '57P03': 'starting',
  '57014': 'slow',
  '55P03': 'slow',
  query_timeout: 'slow',

  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificateUntrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificateUntrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'certificateUntrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificateUntrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificateUntrusted',
  CERT_UNTRUSTED: 'certificateUntrusted',
  CERT_HAS_EXPIRED: 'certificateExpired',
  CERT_NOT_YET_VALID: 'certificateExpired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificateName',
  HOSTNAME_MISMATCH: 'certificateName',
  EPROTO: 'tlsFailed',
};

/**
 * What only the words of an error tell apart: those of PostgreSQL's pg_hba.conf, of PgBouncer, which has one code
 * (08P01) for everything, and of the driver, which has none. They are looked at and never handed on.
 */
const byWords: readonly (readonly [RegExp, StoreReason])[] = [
  [/unsupported startup parameter/i, 'startupParameter'],
  [/password authentication failed|auth(entication)? failed|no such user|SASL/i, 'password'],
  [/no such database/i, 'noDatabase'],
  [/no encryption|SSL off|SSL required|TLS required/i, 'tlsWanted'],
  [/does not support SSL|establishing an SSL connection/i, 'tlsNotOffered'],
  [/no more connections allowed|too many (clients|connections)|remaining connection slots/i, 'tooMany'],
  [/shutting down|pgbouncer is paused|database is paused|not accepting connections/i, 'starting'],
  [
    /server login (has been failing|failed)|cannot connect to server|query_wait_timeout|server conn crashed/i,
    'poolerServer',
  ],
  [/timeout expired|connection timeout|timeout exceeded when trying to connect/i, 'connectTimeout'],
  [/connection terminated|server closed the connection|not queryable/i, 'lost'],
];

/** Codes that say too little by themselves. */
const vague = new Set(['28000', '08P01', '08006']);

/** Why the database did not do what it was asked for; null where the error says nothing of the database. */
export function reasonOf(error: unknown): Reason | null {
  if (error instanceof StoreUnavailable) return error.reason ?? reasonOf(error.cause);
  const code = failureCode(error);
  const known = code === null ? undefined : byCode[code];
  if (known && !vague.has(code ?? '')) return storeReasons[known];
  if (code?.startsWith('ERR_SSL_')) return storeReasons.tlsFailed;
  if (code !== null && !vague.has(code)) return null;
  const words = error instanceof Error ? error.message : '';
  const found = byWords.find(([pattern]) => pattern.test(words))?.[1] ?? known;
  return found ? storeReasons[found] : null;
}

/** Runs a question to the database, whose failures say why. Other errors, such as those of the work itself, stay. */
export async function withReason<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    const reason = error instanceof StoreUnavailable ? null : reasonOf(error);
    throw reason ? new StoreUnavailable(error, reason) : error;
  }
}
