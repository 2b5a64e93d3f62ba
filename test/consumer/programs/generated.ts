// With the types that `signals codegen` wrote beside it for the app journeys-admin of the example catalogue.
import { createTracker } from 'signals-client';
import { createTestTracker } from 'signals-client/testing';
import type { AiTranslationLanguagePicked, SignalsEventName, SignalsEvents } from './signals-events.js';

const { track } = createTracker({
  endpoint: '/graphql',
  appName: 'journeys-admin',
  user: null,
  consent: 'granted',
});
const language = 'pt-BR';

track('journey_create_clicked');
track('journey_create_clicked', { route: '/journeys', occurredAt: new Date(), eventVersion: 1 });
track('journey_create_from_template', { entity: { type: 'template', id: crypto.randomUUID() } });
track('ai_translation_language_picked', { properties: { language } });
track('ai_translation_language_picked', { properties: { language, kind: 'video' } });
track('heartbeat', { properties: { intervalMs: 60_000 } });

/** A wrapper keeps the types. */
export function trackTwice<Name extends SignalsEventName>(name: Name, details: SignalsEvents[Name]): void {
  track(name, details);
  track(name, details);
}
export const picked: AiTranslationLanguagePicked = { properties: { language, kind: undefined } };

createTestTracker().track('ai_translation_language_picked', { properties: { language } });

// @ts-expect-error no such event type
createTestTracker().track('journey_create_clickd');
// @ts-expect-error no such event type
track('journey_create_clickd');
// @ts-expect-error of another app
track('message_sent');
// @ts-expect-error the properties are needed
track('heartbeat');
// @ts-expect-error a needed property is missing
track('ai_translation_language_picked', { properties: { kind: 'text' } });
// @ts-expect-error no word of the list
track('ai_translation_language_picked', { properties: { language, kind: 'audio' } });
// @ts-expect-error a number, not a text
track('heartbeat', { properties: { intervalMs: '60000' } });
// @ts-expect-error no such property
track('heartbeat', { properties: { intervalMs: 60_000, note: 'x' } });
// @ts-expect-error an event type without properties
track('journey_create_clicked', { properties: { place: 'header' } });
// @ts-expect-error an entity of another type
track('journey_create_from_template', { entity: { type: 'video', id: 'x' } });
// @ts-expect-error no such version
track('journey_create_clicked', { eventVersion: 2 });
// @ts-expect-error the overload for editors is not to be called
track('journey_create_clicked', {}, 'something');
