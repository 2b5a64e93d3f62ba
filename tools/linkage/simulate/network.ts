import type { HttpAnswer } from '../../../src/client/transport.js';
import { eventId } from '../../../src/domain/privacy/identity/hashes.js';
import type { Person } from './people.js';
import type { Random } from './random.js';
import type { Timeline } from './timeline.js';

/** What was sent in truth: which row is whose. The joiners never see it. */
export interface Truth {
  /** The sender of the row with this id. */
  readonly senderOf: ReadonlyMap<string, Person>;
  /** When it happened, by the one clock that is right, milliseconds since 1970. */
  readonly happenedAt: ReadonlyMap<string, number>;
}

export interface SentEvent {
  readonly clientEventId: string;
  readonly occurredAt?: string;
}

/** A request as any of the simulated programs makes it. */
export interface Sending {
  readonly person: Person;
  readonly path: '/graphql' | '/v1/events';
  readonly body: string;
  /** Runs it when the device is awake. */
  readonly whenAwake: (run: () => void) => void;
}

export interface Network {
  /** Takes some simulated milliseconds either way; the real server answers in between. */
  send(sending: Sending): Promise<HttpAnswer>;
  readonly truth: Truth;
  /** How many different events were sent, and of how many the server said that they are stored. */
  counts(): {
    readonly sent: number;
    readonly accepted: number;
    readonly refused: Readonly<Record<string, number>>;
  };
}

export interface NetworkDeps {
  readonly timeline: Timeline;
  readonly random: Random;
  readonly url: string;
  readonly secret: Uint8Array;
  /** Bearer token of a person. */
  readonly tokenOf: (person: Person) => string;
}

/** Delays are drawn from one distribution for all: how far somebody is from the server is no mark of the write path. */
export function createNetwork({ timeline, random, url, secret, tokenOf }: NetworkDeps): Network {
  const senderOf = new Map<string, Person>();
  const happenedAt = new Map<string, number>();
  const refused: Record<string, number> = {};
  let accepted = 0;

  function note(person: Person, body: string): void {
    for (const { clientEventId, occurredAt } of eventsOf(body)) {
      const id = eventId(secret, person.name, clientEventId);
      senderOf.set(id, person);
      if (occurredAt !== undefined) happenedAt.set(id, Date.parse(occurredAt) - person.clockErrorMs);
    }
  }

  function count(text: string): void {
    for (const [, status, reason] of text.matchAll(/"status":"([A-Z]+)","reason":(?:null|"([A-Z_]+)")/g)) {
      if (status === 'ACCEPTED') accepted += 1;
      else refused[reason ?? status ?? ''] = (refused[reason ?? status ?? ''] ?? 0) + 1;
    }
  }

  async function ask({ person, path, body }: Sending): Promise<HttpAnswer> {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tokenOf(person)}`,
        'user-agent': person.userAgent,
        'x-forwarded-for': person.ip,
        ...(person.optedOut && { 'sec-gpc': '1' }),
      },
      body,
    });
    const text = await response.text();
    count(text);
    return {
      status: response.status,
      headers: { get: (name) => response.headers.get(name) },
      text: async () => text,
    };
  }

  return {
    send(sending) {
      note(sending.person, sending.body);
      return new Promise((resolve, reject) => {
        timeline.at(timeline.now() + Math.round(random.between(8, 90)), () => {
          const answer = ask(sending);
          timeline.holdFor(answer);
          answer.then(
            (got) =>
              timeline.at(timeline.now() + Math.round(random.between(8, 90)), () =>
                sending.whenAwake(() => resolve(got)),
              ),
            reject,
          );
        });
      });
    },
    truth: { senderOf, happenedAt },
    counts: () => ({ sent: senderOf.size, accepted, refused }),
  };
}

function eventsOf(body: string): readonly SentEvent[] {
  const parsed = JSON.parse(body) as {
    readonly events?: readonly SentEvent[];
    readonly variables?: { readonly input: { readonly events: readonly SentEvent[] } };
  };
  return parsed.variables?.input.events ?? parsed.events ?? [];
}
