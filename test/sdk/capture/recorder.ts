import type { JsonValue } from '../../../src/contract/index.js';
import type { InteractionDetails } from '../../../src/sdk/capture/index.js';
import { exampleCatalogue, found } from '../../catalogue/samples.js';

const { eventTypes, entityTypes } = exampleCatalogue();

export interface Recorded {
  readonly eventType: string;
  readonly details: InteractionDetails;
}

export interface Recorder {
  readonly track: (eventType: string, details: InteractionDetails) => void;
  readonly events: Recorded[];
  /** Type and properties of each event, in order. */
  told(): readonly unknown[];
}

/**
 * A tracker's `track` that holds every event against the example catalogue, as the server does: an event that
 * would be refused, or from which something would be cut off, fails the test.
 */
export function createRecorder(): Recorder {
  const events: Recorded[] = [];
  return {
    events,
    told: () => events.map(({ eventType, details }) => [eventType, details.properties]),
    track(eventType, details) {
      const wire = JSON.parse(JSON.stringify(details.properties)) as { [key: string]: JsonValue };
      const problem = problemOf(eventType, wire, details);
      if (problem !== null) throw new Error(`the catalogue refuses ${eventType}: ${problem}`);
      events.push({ eventType, details });
    },
  };
}

function problemOf(
  eventType: string,
  properties: { [key: string]: JsonValue },
  { entity }: InteractionDetails,
): string | null {
  const plan = eventTypes.get(eventType);
  if (plan === undefined || !plan.apps.includes('playground')) return 'no such event type';
  const verdict = plan.checkProperties(null, properties);
  if (!verdict.ok) return verdict.error.reason;
  if (verdict.value.cut > 0) return 'undeclared properties';
  if (entity === undefined) return null;
  if (!plan.entityTypes?.includes(entity.type)) return 'entity type';
  return found(entityTypes.get(entity.type)).normaliseId(entity.id) === null ? 'entity id' : null;
}
