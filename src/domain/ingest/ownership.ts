import type { Author } from '../event.js';
import type { Draft } from './draft.js';

/** What a caller wants to report on. */
export interface OwnershipQuestion {
  /** The token's subject. */
  readonly subject: string;
  readonly isService: boolean;
  readonly appName: string;
  readonly eventType: string;
  readonly sessionId: string | null;
  readonly entityType: string | null;
  readonly entityId: string | null;
}

/**
 * The operator's rule of who may report on which session or entity. `false` refuses; a rule that throws or
 * hangs makes the call unavailable, so that nothing is lost and nothing slips through.
 */
export type OwnershipRule = (question: OwnershipQuestion) => boolean | Promise<boolean>;

/** Asked for every event that passed the steps: null lets it pass. */
export type Ownership = (
  draft: Draft,
  author: Author,
) => Promise<'INVALID_ENTITY' | 'INVALID_SESSION' | null>;

/** Makes the check out of the operator's rule. An event on neither a session nor an entity belongs to nobody and passes. */
export function createOwnership(rule: OwnershipRule): Ownership {
  return async (draft, author) => {
    if (draft.entityId === null && draft.sessionId === null) return null;
    const allowed = await rule({
      subject: author.subject,
      isService: author.isService,
      appName: draft.input.appName,
      eventType: draft.input.eventType,
      sessionId: draft.sessionId,
      entityType: draft.entityType,
      entityId: draft.entityId,
    });
    if (allowed === true) return null;
    return draft.entityId === null ? 'INVALID_SESSION' : 'INVALID_ENTITY';
  };
}
