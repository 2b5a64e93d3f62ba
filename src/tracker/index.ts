export type { TrackerProblem, TrackerStats } from './ledger.js';
export type { TrackerOptions } from './options.js';
export type { Overflow } from './queue.js';
export { createTracker, type TrackDetails, type Tracker } from './tracker.js';
export type { HttpAnswer, HttpFetch, HttpRequest, TokenSource } from './transport.js';
