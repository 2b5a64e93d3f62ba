/** What is stored in place of a word that is not kept. No client can send it: neither a route nor a label begins so. */
export const otherWord = '(other)';
