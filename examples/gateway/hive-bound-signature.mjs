/**
 * The gateway's half of the bound signature, for Hive Gateway and gateway-runtime. No dependency: copy this file
 * next to gateway.config.mjs. The other half is src/auth/gateway-signature.ts; test-vectors.json fits both.
 *
 * Hive's own signature covers query and variables only. This one also covers the operation's name, the JWT payload,
 * the caller's address and user agent and the time, and it carries address and user agent to the subgraph.
 */

/**
 * Options for `hmacSignature` in gateway.config.mjs (or for `useHmacUpstreamSignature`).
 *
 * - `secret`: the one that the subgraph has in SIGNALS_GATEWAY_HMAC_SECRETS, at least 32 bytes.
 * - `serialize`: `defaultExecutionRequestSerializer`, exported by the gateway; it knows the query text as it will be sent.
 * - `subgraphs`: names of the subgraphs that get the extension; others must not see the caller's address.
 * - `forwardPayload`, `forwardToken`: the same as in `jwt.forward` (true and false unless given there).
 * - `clientIp`, `clientUserAgent`: from the gateway's request context. `clientIp` is the TCP peer unless given:
 *   behind a load balancer, take the address that the balancer appended.
 */
export function boundSignature({
  secret,
  serialize,
  subgraphs,
  forwardPayload = true,
  forwardToken = false,
  clientIp = peerAddress,
  clientUserAgent = (context) => header(context, 'user-agent'),
  now = () => Date.now(),
  nonce = () => globalThis.crypto.randomUUID(),
}) {
  if (typeof secret !== 'string' || new TextEncoder().encode(secret).length < 32) {
    throw new TypeError('the gateway secret must have at least 32 bytes');
  }
  if (!Array.isArray(subgraphs) || subgraphs.length === 0) {
    throw new TypeError('name the subgraphs that may see the address of callers');
  }
  return {
    secret,
    shouldSign: ({ subgraphName }) =>
      subgraphs.some((name) => name.toLowerCase() === subgraphName.toLowerCase()),
    serializeExecutionRequest(request) {
      const context = request.context ?? {};
      const jwt = forwardedJwt(context.jwt, forwardPayload, forwardToken);
      const gateway = { ts: now(), nonce: nonce(), ip: clientIp(context), ua: clientUserAgent(context) };
      if (objects(header(context, 'sec-gpc'))) gateway.gpc = '1';
      if (objects(header(context, 'dnt'))) gateway.dnt = '1';
      // What the client sent under these names must not pass for ours. The JWT plugin sets its own after us.
      const { jwt: _jwt, claims: _claims, gateway: _gateway, ...extensions } = request.extensions ?? {};
      request.extensions = jwt ? { ...extensions, jwt, gateway } : { ...extensions, gateway };
      const { query, variables } = JSON.parse(serialize(request));
      const { operationName } = request;
      return canonicalText({ query, variables, operationName, extensions: request.extensions });
    },
  };
}

/** A header that was sent twice is a list; one objection in it is enough. */
function objects(value) {
  return String(value ?? '')
    .split(',')
    .some((entry) => entry.trim() === '1');
}

/** The text that is signed: stable JSON of what counts, out of a request as it goes over the wire. */
export function canonicalText({ query, variables, operationName, extensions }) {
  const hasVariables = variables !== undefined && variables !== null && Object.keys(variables).length > 0;
  return stableJson({
    v: 2,
    query,
    variables: hasVariables ? variables : undefined,
    operationName: operationName || undefined,
    jwt: extensions?.jwt,
    claims: extensions?.claims,
    gateway: extensions?.gateway,
  });
}

/** JSON with sorted keys (by UTF-16 code unit) and no spaces; undefined is left out. */
function stableJson(value) {
  if (Array.isArray(value)) return `[${value.map((item) => stableJson(item) ?? 'null').join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = [];
  for (const key of Object.keys(value).sort()) {
    const text = stableJson(value[key]);
    if (text !== undefined) members.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${members.join(',')}}`;
}

/** What the JWT plugin is about to forward: at this point it is in the context only. */
function forwardedJwt(jwt, payload, token) {
  if (!jwt || !(payload || token)) return undefined;
  return { ...(payload ? { payload: jwt.payload } : {}), ...(token ? { token: jwt.token } : {}) };
}

function peerAddress(context) {
  return context.req?.socket?.remoteAddress ?? null;
}

function header(context, name) {
  return context.request?.headers?.get(name) ?? null;
}
