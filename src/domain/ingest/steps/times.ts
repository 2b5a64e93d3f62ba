import { limits } from '../../../contract/index.js';
import type { Call, Draft, Step } from '../draft.js';

// RFC 3339 with seconds and fractions optional; an instant needs its offset.
const isoInstant =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?:[Zz]|[+-]\d{2}:?\d{2})$/;

/** The instant that an ISO 8601 text names, or null: no date, no offset, 30 February. Never throws. */
export function toInstant(text: unknown): Date | null {
  if (typeof text !== 'string' || text.length > 40) return null;
  const match = isoInstant.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0] = match.slice(1, 4).map(Number);
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  const instant = new Date(
    text
      .replace(' ', 'T')
      .replace(',', '.')
      .replace(/([+-]\d{2})(\d{2})$/, '$1:$2'),
  );
  return Number.isNaN(instant.getTime()) ? null : instant;
}

/**
 * `occurredAt` by the client's clock, corrected by `sentAt`: up to 5 minutes ahead is kept, further ahead is
 * clamped to the time of receipt, too long ago is refused. For a caller that imports history it decides
 * `createdAt` too, within the retention and never in the future.
 */
export const putTimes: Step = {
  name: 'putTimes',
  run(draft, call) {
    if (draft.input.occurredAt == null || draft.input.occurredAt === '') return null;
    const sent = toInstant(draft.input.occurredAt);
    if (!sent) return 'INVALID_TIMESTAMP';
    const received = call.receivedAt.getTime();
    const corrected = sent.getTime() + call.clockOffsetMs;
    const occurred = corrected > received + limits.uncorrectedSkewMs ? received : corrected;
    if (occurred < received - oldestMs(call)) return 'TOO_OLD';
    setTimes(draft, call, new Date(occurred));
    return null;
  },
};

function oldestMs(call: Call): number {
  return call.author.mayBackfill ? call.policy.retentionMs : call.policy.maxAgeMs;
}

function setTimes(draft: Draft, call: Call, occurredAt: Date): void {
  draft.occurredAt = occurredAt;
  if (call.author.mayBackfill && occurredAt < call.receivedAt) draft.createdAt = occurredAt;
}
