import { type Identity, type SignedIn, signedInOf } from '../auth/caller.js';
import type { CatalogueSource } from '../domain/catalogue.js';
import type { Origin } from '../domain/event.js';
import type { TrackAnswer, TrackCall } from '../domain/ingest/track-batch.js';
import type { EventReader } from '../domain/ports/index.js';
import type { Statistics } from '../domain/reading/ask.js';
import { codedError } from './errors.js';

/** What a resolver may ask of the application. */
export interface Services {
  readonly track: (call: TrackCall) => Promise<TrackAnswer>;
  readonly catalogue: CatalogueSource;
  /** Raw events, for admins. */
  readonly reader: EventReader;
  /** What events come to, for admins. */
  readonly statistics: Statistics;
  readonly maxBatch: number;
}

/** One per request. The caller's address and user agent are in `origin` and nowhere else. */
export interface GraphQLContext {
  readonly identity: Identity;
  readonly origin: Origin;
  readonly receivedAt: Date;
  readonly services: Services;
}

/** The signed-in caller. Throws UNAUTHENTICATED or AUTH_UNAVAILABLE where there is none; scopes have refused before. */
export function signedIn(context: GraphQLContext): SignedIn {
  const caller = signedInOf(context.identity);
  if (!caller.ok) throw codedError(caller.error);
  return caller.value;
}
