// SIGNALS_OWNERSHIP_MODULE=./examples/ownership.mjs: who may report on which session or entity.
// Asked for every event that names one, after all checks and before anything is stored. Answer false to refuse.
// Keep it fast (a cache, a primary-key look-up): the caller waits for it.

/** @param {{ subject: string, isService: boolean, appName: string, eventType: string, sessionId: string | null, entityType: string | null, entityId: string | null }} question */
export default async function mayReport({ subject, isService, entityType, entityId }) {
  if (isService) return true;
  if (entityType !== 'test_session') return true;
  return entityId !== null && (await sessionBelongsTo(entityId, subject));
}

/** Stands for your own look-up. */
async function sessionBelongsTo(_sessionId, _subject) {
  return true;
}
