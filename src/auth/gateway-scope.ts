/**
 * What a gateway's signature covers. `bound`: the operation, the identity, the caller's address and the time.
 * `stock`: query and variables only, as Hive Gateway signs on its own; whoever sees one such request can put
 * another identity beside it, so it serves together with a verified token only.
 */
export const gatewayScopes = ['bound', 'stock'] as const;
export type GatewayScope = (typeof gatewayScopes)[number];
