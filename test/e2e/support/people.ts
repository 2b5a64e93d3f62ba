import { randomUUID } from 'node:crypto';
import { createTestIssuer, type TestIssuer, testAudience, testIssuerName } from '../../support/tokens.js';
import { type Loopback, serve } from './loopback.js';

/** Somebody at a browser. Everything in here is personal and must be found nowhere afterwards. */
export interface Person {
  readonly sub: string;
  readonly token: string;
  /** The address that the load balancer sees. */
  readonly address: string;
  readonly userAgent: string | null;
  readonly sessionId: string;
}

/** Real browsers; the numbers are too particular to turn up by chance. */
export const userAgents = {
  chrome:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.7444.176 Safari/537.36',
  firefox: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0',
  crawler: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
} as const;

/** The identity provider: its keys, served on loopback, and its users. */
export interface IdentityProvider {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** Somebody new, with an address of their own. */
  person(options?: PersonOptions): Promise<Person>;
  /** Tokens that must open no door, by what is wrong with them. They claim to be `sub`, an admin. */
  worthlessTokens(
    sub: string,
  ): Promise<Readonly<Record<'expired' | 'signed by a stranger' | 'unsigned', string>>>;
  /** Everything personal that has been handed out. */
  readonly personal: ReadonlySet<string>;
  close(): Promise<void>;
}

export interface PersonOptions {
  readonly roles?: readonly string[];
  readonly userAgent?: string | null;
}

/** Opens an identity provider with one RSA key, as most are. */
export async function openIdentityProvider(): Promise<IdentityProvider> {
  const issuer = await createTestIssuer({ kid: 'e2e', algorithm: 'RS256' });
  const jwks: Loopback = await serve((_request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(issuer.jwks));
  });
  const personal = new Set<string>();
  const remember = (...texts: string[]): void => {
    for (const text of texts) personal.add(text);
  };
  const tokenOf = async (
    by: TestIssuer,
    claims: Record<string, unknown>,
    now = new Date(),
  ): Promise<string> => {
    const token = await by.token({ claims, now });
    remember(token, ...token.split('.').slice(1));
    return token;
  };
  let people = 0;

  return {
    jwksUrl: `${jwks.url}/jwks.json`,
    issuer: testIssuerName,
    audience: testAudience,
    personal,
    async person({ roles = [], userAgent = userAgents.chrome } = {}) {
      people += 1;
      const sub = `idp|${randomUUID()}`;
      const email = `person-${people}@mail.example`;
      const address = `203.0.113.${people}`;
      const sessionId = randomUUID();
      remember(sub, email, address, sessionId, ...(userAgent ? [userAgent] : []));
      return { sub, token: await tokenOf(issuer, { sub, email, roles }), address, userAgent, sessionId };
    },
    async worthlessTokens(sub) {
      const claims = { sub, roles: ['admin'] };
      const stranger = await createTestIssuer({ kid: issuer.kid, algorithm: 'RS256' });
      const header = Buffer.from('{"alg":"none"}').toString('base64url');
      const payload = Buffer.from(JSON.stringify(issuer.claims({ claims, now: new Date() }))).toString(
        'base64url',
      );
      remember(payload);
      return {
        expired: await tokenOf(issuer, claims, new Date(Date.now() - 2 * 3_600_000)),
        'signed by a stranger': await tokenOf(stranger, claims),
        unsigned: `${header}.${payload}.`,
      };
    },
    close: jwks.close,
  };
}
