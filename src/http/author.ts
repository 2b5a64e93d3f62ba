import type { SignedIn } from '../auth/caller.js';
import type { Author } from '../domain/event.js';

/** What the pipeline has to know of a caller, and no more. */
export function authorOf(caller: SignedIn): Author {
  return {
    subject: caller.subject,
    email: caller.email,
    isService: caller.isService,
    mayBackfill: caller.mayBackfill,
  };
}
