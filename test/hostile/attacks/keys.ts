import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An issuer of tokens whose key set is a file. */
export interface Keys {
  readonly env: Readonly<Record<string, string>>;
  token(subject: string, roles?: readonly string[]): Promise<string>;
  /** Takes every key back. */
  empty(): void;
}

export async function createKeys(folder: string): Promise<Keys> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const file = join(folder, 'keys.json');
  const write = (keys: readonly object[]): void => writeFileSync(file, JSON.stringify({ keys }));
  write([{ ...(await exportJWK(publicKey)), kid: 'attacks', alg: 'ES256', use: 'sig' }]);
  return {
    env: { SIGNALS_JWKS_FILE: file, SIGNALS_JWT_ISSUER: 'attacks', SIGNALS_JWT_AUDIENCE: 'signals' },
    token: (subject, roles = []) =>
      new SignJWT({ roles })
        .setProtectedHeader({ alg: 'ES256', kid: 'attacks' })
        .setSubject(subject)
        .setIssuer('attacks')
        .setAudience('signals')
        .setIssuedAt()
        .setExpirationTime('1h')
        .sign(privateKey),
    empty: () => write([]),
  };
}
