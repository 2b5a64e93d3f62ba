import { createHmac } from 'node:crypto';
import { canonicalRequest, type GatewayParams } from '../../src/auth/gateway-signature.js';

export const gatewaySecret = 'a gateway secret for tests of more than 32 bytes';

/** A request as a gateway that holds the secret signs it; `gateway` is what it vouches for. */
export function signedByGateway(
  params: GatewayParams & { readonly query: string },
  options: {
    readonly now: Date;
    readonly secret?: string;
    readonly scope?: 'bound' | 'stock';
    readonly gateway?: Readonly<Record<string, unknown>>;
    readonly jwt?: unknown;
  },
): GatewayParams & { readonly extensions: Record<string, unknown> } {
  const extensions = {
    ...(options.jwt !== undefined && { jwt: options.jwt }),
    gateway: { ts: Math.floor(options.now.getTime() / 1000), ...options.gateway },
  };
  const unsigned = { ...params, extensions };
  const text = canonicalRequest(unsigned, options.scope ?? 'bound');
  const signature = createHmac('sha256', options.secret ?? gatewaySecret)
    .update(text ?? '', 'utf8')
    .digest('base64');
  return { ...unsigned, extensions: { ...extensions, 'hmac-signature': signature } };
}
