/**
 * Where the caller's address is read: in what a gateway signed, in `x-forwarded-for`, or at the socket. The two
 * that are not chosen are never looked at.
 */
export const addressSources = ['signed', 'xff', 'socket'] as const;
export type AddressSource = (typeof addressSources)[number];
