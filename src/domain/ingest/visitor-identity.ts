/** What the hash of a visitor is made of: host, address and user agent, or the subject of the token. */
export const visitorIdentities = ['network', 'subject'] as const;
export type VisitorIdentity = (typeof visitorIdentities)[number];
