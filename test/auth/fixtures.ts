import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Authenticator,
  type AuthenticatorOptions,
  createAuthenticator,
  createJwksFromKeys,
  createTokenVerifier,
  type RoleRules,
} from '../../src/auth/index.js';
import { type TestIssuer, testAudience, testIssuerName, testNow } from '../support/tokens.js';

export const secretA = 'a-gateway-secret-of-32-bytes-and-more';
export const secretB = 'another-gateway-secret-of-enough-bytes';
export const roleRules: RoleRules = {
  claim: 'roles',
  admin: 'admin',
  service: 'service',
  backfill: 'backfill',
};

export interface MovableClock {
  now(): Date;
  advance(ms: number): void;
}

/** A clock that stands still until it is told otherwise. */
export function movableClock(start = testNow): MovableClock {
  let at = start.getTime();
  return {
    now: () => new Date(at),
    advance: (ms) => {
      at += ms;
    },
  };
}

/** An authenticator over the issuer's keys; `bearer` unless the options say otherwise. */
export function authenticatorFor(
  issuer: TestIssuer,
  options: Partial<AuthenticatorOptions> = {},
): Authenticator {
  const clock = movableClock();
  const rules = { issuer: testIssuerName, audience: testAudience };
  const verifier = createTokenVerifier({ keys: createJwksFromKeys(issuer.jwks), clock, ...rules });
  return createAuthenticator({
    modes: ['bearer'],
    verifier,
    prefixes: ['Bearer'],
    roleRules,
    clock,
    ...rules,
    ...options,
  });
}

export type Responder = (request: IncomingMessage, response: ServerResponse) => void;

export interface KeyEndpoint {
  readonly url: string;
  /** Paths asked for, in order. */
  readonly requests: string[];
  respond(responder: Responder): void;
  close(): Promise<void>;
}

/** A real HTTP server on loopback that answers as it is told. */
export async function startKeyEndpoint(first: Responder): Promise<KeyEndpoint> {
  const requests: string[] = [];
  let responder = first;
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    responder(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/jwks`,
    requests,
    respond: (next) => {
      responder = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with a JSON text. */
export function json(value: unknown, status = 200): Responder {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
}
