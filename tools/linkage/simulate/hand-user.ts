import type { Doer } from './browser-user.js';
import { createDevice } from './device.js';
import { type IdMaker, versionOneInTurns, versionSeven } from './hand-ids.js';
import type { Program } from './people.js';
import type { Random } from './random.js';
import type { UserDeps } from './user-deps.js';
import { appName, appVersion, drawWords } from './words.js';

/** How long such a program collects before it posts, in ms. */
const collectMs = 4_000;

/**
 * A person with a program that was written by hand: it posts to `/v1/events`, keeps one session for as long as it
 * runs, counts on over every midnight, and keeps what it could not send.
 */
export function createHandUser({ person, timeline, network, random, habit }: UserDeps): Doer {
  const device = createDevice(timeline, person.clockErrorMs);
  const nextId = idMaker(person.program, random);
  const sessionId = person.program === 'server' ? null : random.uuid();
  let seq = 0;
  let isOnline = true;
  let isSending = false;
  let queue: object[] = [];

  function flush(): void {
    if (!isOnline || queue.length === 0) return;
    const events = queue.splice(0, 200);
    const sentAt = person.program === 'cli' ? {} : { sentAt: iso(device.now()) };
    const body = JSON.stringify({ ...sentAt, events });
    // What the answer says is counted by the network; such a program does not look.
    void network.send({ person, path: '/v1/events', body, whenAwake: device.whenAwake }).catch(() => {
      queue = [...events, ...queue];
    });
  }

  function track(): void {
    const { eventType, route, entity, properties } = habit?.words(random) ?? drawWords(random);
    seq += 1;
    queue.push({
      eventType,
      appName,
      appVersion: habit?.appVersion ?? appVersion,
      clientEventId: nextId(device.now()),
      source: person.program,
      host: 'app.example.org',
      route,
      ...(entity && { entityType: entity.type, entityId: entity.id }),
      ...(sessionId !== null && { sessionId }),
      seq,
      occurredAt: iso(device.now()),
      ...(properties && { properties }),
    });
    if (isSending) return;
    isSending = true;
    device.later(() => {
      isSending = false;
      flush();
    }, collectMs);
  }

  const deeds: Partial<Record<Parameters<Doer>[0]['do'], () => void>> = {
    track,
    close_lid: device.closeLid,
    open_lid: device.openLid,
    go_offline() {
      isOnline = false;
    },
    go_online() {
      isOnline = true;
      flush();
    },
  };
  return (deed) => {
    if (!device.asleep() || deed.do === 'open_lid') deeds[deed.do]?.();
  };
}

function idMaker(program: Program, random: Random): IdMaker {
  if (program === 'api') return versionSeven(random);
  if (program === 'desktop') return versionOneInTurns(random);
  return () => random.uuid();
}

const iso = (timeMs: number): string => new Date(timeMs).toISOString();
