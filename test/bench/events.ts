import { randomUUID } from 'node:crypto';
import { uuidV7 } from '../../src/client/uuid-v7.js';

/** Someone who opens a few pages: address, user agent, tab and token stay the same for all of them. */
export interface Visitor {
  readonly ip: string;
  readonly userAgent: string;
  readonly sessionId: string;
  /** Which of the tokens at hand this visitor has. */
  readonly number: number;
}

export type EventKind = 'page_viewed' | 'run';

/** Events of one visit. */
export const eventsPerVisitor = 6;

const systems = [
  'Windows NT 10.0; Win64; x64',
  'Macintosh; Intel Mac OS X 10_15_7',
  'X11; Linux x86_64',
  'Linux; Android 10; K',
];
const routes = [
  '/',
  '/watch',
  '/watch/[videoId]',
  '/watch/[videoId]/[languageId]',
  '/journeys',
  '/journeys/[journeyId]',
  '/journeys/[journeyId]/edit',
  '/journeys/[journeyId]/reports',
  '/templates',
  '/templates/[journeyId]',
  '/resources',
  '/resources/[slug]',
  '/search',
  '/about',
  '/users/sign-in',
  '/users/terms-and-conditions',
];
const referrers = [
  'search.example',
  'www.example.org',
  'social.example.net',
  'news.example.com',
  'example.edu',
];
const statuses = [200, 200, 200, 200, 200, 304, 200, 404];
const languages = ['typescript', 'python', 'go', 'rust', 'c++'];
/** Exercises that are open at the same time: every one of them has many events. */
const episodes = 4_096;

/** The visitor of a running number: as many addresses as visitors, four systems, twenty versions of two browsers. */
export function visitorOf(number: number): Visitor {
  const system = systems[number % systems.length];
  const version = 124 + (Math.floor(number / systems.length) % 20);
  const mobile = number % systems.length === 3 ? ' Mobile' : '';
  const edge = number % 7 === 0 ? ` Edg/${version}.0.0.0` : '';
  return {
    ip: `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`,
    userAgent: `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0${mobile} Safari/537.36${edge}`,
    sessionId: randomUUID(),
    number,
  };
}

/** Version 7, as our own tracker makes them. */
const clientEventId = () => uuidV7(Date.now(), Math.random);

/** One event as JSON text: written by hand, because the client must cost less than the server. ASCII only. */
export function eventJson(kind: EventKind, visitor: Visitor, seq: number, now: Date): string {
  const turn = visitor.number * eventsPerVisitor + seq;
  const common = `"clientEventId":"${clientEventId()}","source":"web","appVersion":"2.14.0","host":"www.example.org","sessionId":"${visitor.sessionId}","seq":${seq},"occurredAt":"${now.toISOString()}"`;
  if (kind === 'run') {
    const episode = `5eed0000-0000-4000-8000-${(turn % episodes).toString(16).padStart(12, '0')}`;
    return `{"eventType":"run","appName":"playground","entityType":"episode","entityId":"${episode}",${common},"properties":{"language":"${pick(languages, turn)}","exitCode":${turn % 3},"durationMs":${400 + (turn % 9_000)}}}`;
  }
  return `{"eventType":"page_viewed","appName":"web","route":"${pick(routes, turn)}",${common},"properties":{"status":${pick(statuses, turn)},"referrerHost":"${pick(referrers, turn)}"}}`;
}

function pick<T>(values: readonly T[], turn: number): T {
  return values[turn % values.length] as T;
}
