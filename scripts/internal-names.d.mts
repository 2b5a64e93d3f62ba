/** See internal-names.mjs. */
export const internalNames: readonly string[];
