import { describe, expect, it } from 'vitest';
import { StoreUnavailable } from '../../../src/domain/ports/index.js';
import { reasonOf, withReason } from '../../../src/store/engine/reason-of.js';
import { storeReasons } from '../../../src/store/engine/reasons.js';

const failed = (message: string, code?: string): Error =>
  Object.assign(new Error(message), code ? { code } : {});

describe('why the database will not have us', () => {
  it('is said in these sentences and no others', async () => {
    const lines = Object.values(storeReasons).map(({ code, sentence }) => `${code}\n  ${sentence}\n`);
    await expect(lines.join('')).toMatchFileSnapshot('../../golden/store-reasons.txt');
  });

  it.each([
    ['password authentication failed for user "alice"', '28P01', 'password'],
    [
      'no pg_hba.conf entry for host "10.1.2.3", user "alice", database "x", no encryption',
      '28000',
      'tlsWanted',
    ],
    [
      'no pg_hba.conf entry for host "10.1.2.3", user "alice", database "x", SSL encryption',
      '28000',
      'login',
    ],
    ['role "alice" does not exist', '28000', 'login'],
    ['database "x" does not exist', '3D000', 'noDatabase'],
    ['getaddrinfo ENOTFOUND secret.example', 'ENOTFOUND', 'nameUnknown'],
    ['connect ECONNREFUSED 10.1.2.3:5432', 'ECONNREFUSED', 'refused'],
    ['connect EHOSTUNREACH 10.1.2.3:5432', 'EHOSTUNREACH', 'noRoute'],
    ['timeout expired', undefined, 'connectTimeout'],
    ['Connection terminated unexpectedly', undefined, 'lost'],
    ['The server does not support SSL connections', undefined, 'tlsNotOffered'],
    ['self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'certificateUntrusted'],
    ['certificate has expired', 'CERT_HAS_EXPIRED', 'certificateExpired'],
    ['Hostname/IP does not match', 'ERR_TLS_CERT_ALTNAME_INVALID', 'certificateName'],
    ['write EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'tlsFailed'],
    ['permission denied for table events', '42501', 'noRights'],
    ['sorry, too many clients already', '53300', 'tooMany'],
    ['unsupported startup parameter: options', '08P01', 'startupParameter'],
    ['no such database: x', '08P01', 'noDatabase'],
    ['password authentication failed', '08P01', 'password'],
    ['SSL required', '08P01', 'tlsWanted'],
    ['no more connections allowed (max_client_conn)', '08P01', 'tooMany'],
    ['server login has been failing, try again later (server_login_retry)', '08P01', 'poolerServer'],
    ['the database system is starting up', '57P03', 'starting'],
    ['cannot execute INSERT in a read-only transaction', '25006', 'readOnly'],
  ] as const)('is found in “%s” (%s): %s', (message, code, reason) => {
    expect(reasonOf(failed(message, code))).toBe(storeReasons[reason]);
  });

  it('is not made up for errors that are not the database’s', async () => {
    for (const error of [failed('a bug'), failed('division by zero', '22012'), 'text', null])
      expect(reasonOf(error)).toBe(null);
    const bug = failed('a bug');
    await expect(withReason(() => Promise.reject(bug))).rejects.toBe(bug);
  });

  it('travels with the error to whoever asked', async () => {
    const asked = withReason(() => Promise.reject(failed('no', '28P01')));
    await expect(asked).rejects.toMatchObject({
      name: StoreUnavailable.name,
      reason: storeReasons.password,
    });
  });
});
