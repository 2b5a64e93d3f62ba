import type { CheckedEvent } from '../checked-event.js';
import { type Checks, startPipeline } from '../pipeline.js';
import { putClientEventId, putEntity, putLabels, putRoute, putSeq, putSession } from './envelope.js';
import { dropDisabled, rejectUnknownApp, rejectUnknownEventType } from './plan.js';
import { putProperties, rejectMisshapenProperties, rejectPii } from './properties.js';
import { putTimes } from './times.js';
import { dropBots, dropInternalUsers, dropOptedOut } from './visitor.js';
import { boundWords } from './words.js';

/**
 * The privacy policy, in the order in which it is applied; the first refusal ends an event. Before the list
 * every event is charged to its author's allowance; after it come ownership, `anonymise` and the store.
 *
 * Every step fails closed: what it cannot judge, it refuses. The last one refuses nothing and fails open
 * (`createWordBudget`).
 */
export const ingestSteps: Checks<CheckedEvent> = startPipeline()
  .and(rejectUnknownApp)
  .and(rejectUnknownEventType)
  .and(dropDisabled)
  .and(putClientEventId)
  .and(putLabels)
  .and(putEntity)
  .and(putSession)
  .and(putSeq)
  .and(putRoute)
  .and(putTimes)
  .and(rejectMisshapenProperties)
  .and(rejectPii)
  .and(putProperties)
  .and(dropBots)
  .and(dropInternalUsers)
  .and(dropOptedOut)
  .and(boundWords);
