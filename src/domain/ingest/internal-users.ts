import type { Author } from '../event.js';

/**
 * Reads the operator's list: `sub:<id>`, `@domain`, or an e-mail address; letter case of addresses does not
 * count. The answer holds the list as sets, and is asked once per event.
 */
export function createInternalUsers(entries: readonly string[]): (author: Author) => boolean {
  const subjects = new Set<string>();
  const domains = new Set<string>();
  const addresses = new Set<string>();
  for (const entry of entries) {
    if (entry.startsWith('sub:')) subjects.add(entry.slice(4));
    else if (entry.startsWith('@')) domains.add(entry.slice(1).toLowerCase());
    else addresses.add(entry.toLowerCase());
  }
  return (author) => {
    if (subjects.has(author.subject)) return true;
    const address = author.email?.trim().toLowerCase();
    if (!address) return false;
    return addresses.has(address) || domains.has(address.slice(address.lastIndexOf('@') + 1));
  };
}
