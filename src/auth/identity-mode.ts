/** Where an identity may come from; each has to be switched on. */
export const identityModes = ['bearer', 'forwarded-token', 'forwarded-claims'] as const;
export type IdentityMode = (typeof identityModes)[number];
