import { describe, expect, it } from 'vitest';
import { type TrackRequest, toTrackCall } from '../../../src/domain/ingest/track-call.js';
import { browser, noon, pageViewed, person } from '../../support/pipeline.js';

const request = (more: Partial<TrackRequest> = {}): TrackRequest => ({
  author: person,
  origin: browser,
  receivedAt: noon,
  events: [pageViewed()],
  sentAt: undefined,
  deriveIds: false,
  ...more,
});

describe('a batch on its way into the pipeline', () => {
  it('is as large as the setting allows, and no larger', () => {
    const events = [pageViewed(), pageViewed()];
    expect(toTrackCall(request({ events }), 2)).toMatchObject({ ok: true, value: { events } });
    expect(toTrackCall(request({ events }), 1)).toEqual({
      ok: false,
      error: { code: 'BATCH_TOO_LARGE', message: 'A batch holds at most 1 events.' },
    });
    expect(toTrackCall(request({ events: [] }), 1)).toMatchObject({ ok: true });
  });

  it.each([null, undefined])('may say nothing of when it was sent (%s)', (sentAt) => {
    expect(toTrackCall(request({ sentAt }), 1)).toMatchObject({ ok: true, value: { sentAt: null } });
  });

  it('says when it was sent as an instant', () => {
    const sent = toTrackCall(request({ sentAt: '2026-11-20T13:00:00+01:00' }), 1);
    expect(sent).toMatchObject({ ok: true, value: { sentAt: new Date('2026-11-20T12:00:00Z') } });
  });

  it.each(['', 'yesterday', '2026-11-20', 0, true, {}, []])(
    'is refused where it was sent at %j',
    (sentAt) => {
      expect(toTrackCall(request({ sentAt }), 1)).toEqual({
        ok: false,
        error: { code: 'BAD_USER_INPUT', message: 'sentAt is not an ISO 8601 instant.' },
      });
    },
  );

  it('takes no more of its author along than the pipeline has to know', () => {
    const caller = { ...person, kind: 'admin', isAdmin: true };
    expect(toTrackCall(request({ author: caller }), 1)).toMatchObject({ value: { author: person } });
    const sent = toTrackCall(request({ author: caller }), 1);
    expect(sent.ok && Object.keys(sent.value.author).sort()).toEqual(Object.keys(person).sort());
  });
});
