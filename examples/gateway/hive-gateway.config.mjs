// Hive Gateway, the recommended way: it verifies tokens, signs what it forwards, and the subgraph runs with
//   SIGNALS_AUTH=forwarded-claims SIGNALS_GATEWAY_HMAC_SECRETS=… SIGNALS_CLIENT_IP_SOURCE=signed
import {
  createRemoteJwksSigningKeyProvider,
  defaultExecutionRequestSerializer,
  defineConfig,
} from '@graphql-hive/gateway';
import { boundSignature } from './hive-bound-signature.mjs';

export const gatewayConfig = defineConfig({
  supergraph: './supergraph.graphql',
  jwt: {
    signingKeyProviders: [createRemoteJwksSigningKeyProvider({ jwksUri: process.env.JWKS_URL })],
    tokenVerification: {
      issuer: process.env.JWT_ISSUER,
      audience: process.env.JWT_AUDIENCE,
      algorithms: ['RS256'],
    },
    // Anonymous requests may pass: the subgraph answers UNAUTHENTICATED where it has to.
    reject: { missingToken: false, invalidToken: true },
    // With `token: true`, set `forwardToken: true` below; the subgraph can then run with SIGNALS_AUTH=forwarded-token.
    forward: { payload: true, token: false },
  },
  hmacSignature: boundSignature({
    secret: process.env.GATEWAY_HMAC_SECRET,
    serialize: defaultExecutionRequestSerializer,
    subgraphs: ['signals'],
    // Behind a load balancer that appends the caller's address:
    // clientIp: ({ request }) => request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? null,
  }),
  // The gateway has no upstream timeout of its own.
  upstreamTimeout: 10_000,
  // Signals keeps no documents: where `transportEntries` has `apq: true` for it, every operation is sent twice. Leave
  // `apq` out. With `apq: false` this gateway sends no document at all (@graphql-tools/executor-http 3.4.1).
  // Subgraphs that want Hive's stock signature get it from a second plugin:
  // plugins: () => [useHmacUpstreamSignature({ secret: …, shouldSign: ({ subgraphName }) => subgraphName !== 'signals' })],
});
