import { randomUUID } from 'node:crypto';
import type { TrackBatchResult, TrackEventInput, TrackResult } from '../../../src/contract/index.js';
import { type Answer, ask, type RequestOptions } from './browser.js';
import type { Person } from './people.js';

export const trackEventMutation = `mutation Track($input: TrackEventInput!) {
  trackEvent(input: $input) { clientEventId status reason retryAfterMs field rule }
}`;
const trackEventsMutation = `mutation TrackMany($input: TrackEventsInput!) {
  trackEvents(input: $input) {
    accepted duplicates dropped rejected results { clientEventId status reason retryAfterMs field rule }
  }
}`;

/** The host that apps say they are served from: part of the visitor hash, never stored. */
export const appHost = 'www.host-of-the-app.example';

export type PageView = TrackEventInput & { readonly clientEventId: string };

/** A page view of this person's tab. */
export function pageView(person: Person, more: Partial<TrackEventInput> = {}): PageView {
  return {
    eventType: 'page_viewed',
    appName: 'web',
    clientEventId: randomUUID(),
    host: appHost,
    route: '/pricing',
    sessionId: person.sessionId,
    ...more,
  } as PageView;
}

/** `trackEvent` as an answer with all its errors. */
export function tryTrack(
  url: string,
  person: Person,
  input: TrackEventInput,
  options: RequestOptions = {},
): Promise<Answer<{ trackEvent: TrackResult }>> {
  return ask(url, person, trackEventMutation, { ...options, variables: { input } });
}

/** `trackEvent`; throws when there was an error. */
export async function track(
  url: string,
  person: Person,
  input: TrackEventInput,
  options: RequestOptions = {},
): Promise<TrackResult> {
  return dataOf(await tryTrack(url, person, input, options)).trackEvent;
}

/** `trackEvents`; throws when there was an error. */
export async function trackMany(
  url: string,
  person: Person,
  events: readonly TrackEventInput[],
): Promise<TrackBatchResult> {
  const variables = { input: { events, sentAt: new Date().toISOString() } };
  return dataOf(await ask<{ trackEvents: TrackBatchResult }>(url, person, trackEventsMutation, { variables }))
    .trackEvents;
}

/** The data of an answer without errors. */
export function dataOf<T>(answer: Answer<T>): T {
  if (answer.errors || !answer.data) throw new Error(JSON.stringify(answer, null, 1).slice(0, 2_000));
  return answer.data;
}
