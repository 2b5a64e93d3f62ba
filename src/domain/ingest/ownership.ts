import type { Author } from '../event.js';
import type { CheckedEvent } from './checked-event.js';
import { type Refusal, reject } from './refusal.js';

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
export type Ownership = (event: CheckedEvent, author: Author) => Promise<Refusal | null>;

/** Makes the check out of the operator's rule. An event on neither a session nor an entity belongs to nobody and passes. */
export function createOwnership(rule: OwnershipRule): Ownership {
  return async (event, author) => {
    if (event.entityId === null && event.sessionId === null) return null;
    const allowed = await rule({
      subject: author.subject,
      isService: author.isService,
      appName: event.appName,
      eventType: event.plan.name,
      sessionId: event.sessionId,
      entityType: event.entityType,
      entityId: event.entityId,
    });
    if (allowed === true) return null;
    return event.entityId === null
      ? reject('INVALID_SESSION', '/sessionId', 'owner')
      : reject('INVALID_ENTITY', '/entityId', 'owner');
  };
}
