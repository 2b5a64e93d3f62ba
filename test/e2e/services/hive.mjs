// Hive Gateway as examples/gateway/hive-gateway.config.mjs sets it up, on the runtime that its command line is made
// of. Environment: SUPERGRAPH (file), JWKS_URL, JWT_ISSUER, JWT_AUDIENCE, and
//   GATEWAY_HMAC_SECRET  the bound signature for `signals`; without it the gateway passes on the token and nothing
//                        else, as many do
//   CLIENT_IP            `balancer`: the last entry of x-forwarded-for; else the address of the connection
//   APQ                  sends subgraphs a hash in place of the document, and the document where it is not found
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { defaultExecutionRequestSerializer } from '@graphql-mesh/hmac-upstream-signature';
import { createRemoteJwksSigningKeyProvider, useJWT } from '@graphql-mesh/plugin-jwt-auth';
import * as http from '@graphql-mesh/transport-http';
import { boundSignature } from '../../../examples/gateway/hive-bound-signature.mjs';

const { SUPERGRAPH, JWKS_URL, JWT_ISSUER, JWT_AUDIENCE, GATEWAY_HMAC_SECRET, CLIENT_IP, APQ } = process.env;

const signature = GATEWAY_HMAC_SECRET && {
  hmacSignature: boundSignature({
    secret: GATEWAY_HMAC_SECRET,
    serialize: defaultExecutionRequestSerializer,
    subgraphs: ['signals'],
    ...(CLIENT_IP === 'balancer' && {
      clientIp: ({ request }) => request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? null,
    }),
  }),
};
const tokenOnly = {
  propagateHeaders: {
    fromClientToSubgraphs: ({ request, subgraphName }) =>
      subgraphName === 'signals' ? { authorization: request.headers.get('authorization') ?? undefined } : {},
  },
};

const gateway = createGatewayRuntime({
  supergraph: SUPERGRAPH,
  transports: { http },
  logging: 'error',
  graphiql: false,
  landingPage: false,
  plugins: () => [
    useJWT({
      signingKeyProviders: [createRemoteJwksSigningKeyProvider({ jwksUri: JWKS_URL })],
      tokenVerification: { issuer: JWT_ISSUER, audience: JWT_AUDIENCE, algorithms: ['RS256'] },
      reject: { missingToken: false, invalidToken: true },
      forward: { payload: true, token: false },
    }),
  ],
  upstreamTimeout: 10_000,
  ...(APQ && { transportEntries: { '*.http': { options: { apq: true } } } }),
  ...(signature || tokenOnly),
});

const server = createServer(gateway);
server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}`));
// Embedded in a server of one's own, the runtime takes SIGTERM for itself and the process stays.
process.on('SIGTERM', () => process.exit(0));
