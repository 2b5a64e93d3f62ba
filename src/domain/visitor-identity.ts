/** What tells one visitor from another: host, address and user agent, or the token's subject. */
export const visitorIdentities = ['network', 'subject'] as const;
export type VisitorIdentity = (typeof visitorIdentities)[number];
