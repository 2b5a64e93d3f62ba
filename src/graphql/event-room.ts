/**
 * The events that one request may still hold. Aliases let a request repeat `trackEvents`, so the bound of a batch is
 * one of all its fields together.
 */
export interface EventRoom {
  /** Takes room for so many events. False where they do not fit any more: then nothing was taken. */
  take(events: number): boolean;
}

/** Room for at most `maxEvents` events. */
export function createEventRoom(maxEvents: number): EventRoom {
  let left = maxEvents;
  return {
    take(events) {
      if (events > left) return false;
      left -= events;
      return true;
    },
  };
}
