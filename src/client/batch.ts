import type { NewEvent } from './event.js';

/** The batch of the wire: the body of `POST /v1/events`, and the input of `trackEvents`. */
export const batchJson = (events: readonly NewEvent[], nowMs: number): string =>
  `{"sentAt":"${new Date(nowMs).toISOString()}","events":[${events.map((event) => event.json).join()}]}`;
