export type { TrackerProblem, TrackerStats } from '../sdk/core/ledger.js';
export type { Overflow } from '../sdk/core/outbox.js';
export type { HttpAnswer, HttpFetch, HttpRequest, TokenSource } from '../sdk/core/transport.js';
export type { TrackerOptions } from './options.js';
export { createTracker, type TrackDetails, type Tracker } from './tracker.js';
