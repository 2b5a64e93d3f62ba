/** A gateway's request context, as much of it as is read here. */
export interface GatewayContext {
  readonly jwt?: { readonly payload?: unknown; readonly token?: unknown };
  readonly req?: { readonly socket?: { readonly remoteAddress?: string } };
  readonly request?: { readonly headers: { get(name: string): string | null } };
}

export interface UpstreamRequest {
  // biome-ignore lint/suspicious/noExplicitAny: the gateway's own types differ between its versions
  readonly context?: any;
  readonly operationName?: string | undefined;
  extensions?: Record<string, unknown> | undefined;
}

export interface BoundSignatureOptions {
  readonly secret: string;
  // biome-ignore lint/suspicious/noExplicitAny: the gateway's own types differ between its versions
  readonly serialize: (request: any) => string;
  readonly subgraphs: readonly string[];
  readonly forwardPayload?: boolean;
  readonly forwardToken?: boolean;
  readonly clientIp?: (context: GatewayContext) => string | null;
  readonly clientUserAgent?: (context: GatewayContext) => string | null;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly nonce?: () => string;
}

export interface BoundSignature {
  readonly secret: string;
  shouldSign(payload: { readonly subgraphName: string }): boolean;
  serializeExecutionRequest(request: UpstreamRequest): string;
}

export function boundSignature(options: BoundSignatureOptions): BoundSignature;

export function canonicalText(params: {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}): string;
