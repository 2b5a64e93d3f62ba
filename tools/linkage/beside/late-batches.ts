import { eventId } from '../../../src/domain/privacy/identity/hashes.js';
import { createRandom } from '../simulate/random.js';
import type { SimulatedServer } from '../simulate/server.js';
import { appName } from '../simulate/words.js';

const hour = 3_600_000;

/** Of which person a row is, and whether it came on a later day than it happened. */
export interface Sent {
  readonly name: string;
  readonly isLate: boolean;
}

/**
 * In the morning, people send what is left of the evening before together with what they do now, `atOnce` of them at
 * a time. Answers what was sent, by the row's id.
 */
export async function sendLateBatches(
  server: SimulatedServer,
  names: readonly string[],
  atOnce: number,
  clock: { now: number },
): Promise<ReadonlyMap<string, Sent>> {
  const random = createRandom(names.length + atOnce);
  const sent = new Map<string, Sent>();
  const waiting = [...names];
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      clock.now += 700;
      const now = clock.now;
      const session = random.uuid();
      const times = [15, 14.9, 14.8].map((ago) => now - ago * hour + random.whole(600_000));
      const events = [...times, now - 900, now - 500, now - 100].map((at, index) => {
        const clientEventId = random.uuid();
        const id = eventId(server.secret, name, clientEventId);
        sent.set(id, { name, isLate: index < times.length });
        return {
          eventType: 'journey_create_clicked',
          appName,
          clientEventId,
          sessionId: session,
          seq: index + 1,
          occurredAt: new Date(at).toISOString(),
        };
      });
      const answer = await fetch(`${server.url}/v1/events`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${server.tokenOf({ name, program: 'web' })}`,
          'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
          'x-forwarded-for': `198.51.100.${1 + names.indexOf(name)}`,
        },
        body: JSON.stringify({ sentAt: new Date(now).toISOString(), events }),
      });
      if (answer.status !== 202) throw new Error(`a batch was answered with ${answer.status}`);
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return sent;
}
