import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Loopback, readText, send, serve } from '../support/loopback.js';
import type { Person } from '../support/people.js';
import { createWay, type Fault, halve, type Way, type WayKeeper } from './faults.js';
import type { Pages } from './pages.js';

/** The app of a test: its pages, and `/graphql`, which leads to the gateway. On an origin of its own. */
export interface Site {
  readonly origin: string;
  /** The tracker's requests. */
  readonly telemetry: Way;
  /** The app's own requests. */
  readonly app: Way;
  /** What pages said of their tracker while they were left, in that order. */
  readonly exits: readonly unknown[];
  /** `Content-Security-Policy` of the pages. */
  policy: string | undefined;
  close(): Promise<void>;
}

/** Opens a site at which this person is; everything that it serves is on loopback. */
export async function openSite(options: {
  readonly pages: Pages;
  readonly person: Person;
  /** Where `/graphql` leads. */
  readonly gateway: string;
}): Promise<Site> {
  const { pages, person, gateway } = options;
  const ways = { telemetry: createWay(), app: createWay() };
  const exits: unknown[] = [];
  const site = { ...ways, exits, policy: undefined as string | undefined };

  const listener = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const path = incoming.url?.split('?')[0] ?? '/';
    const body = await readText(incoming);
    if (path === '/exit') {
      exits.push(JSON.parse(body));
      outgoing.writeHead(204).end();
    } else if (path === '/graphql') {
      const way = isTelemetry(body) ? ways.telemetry : ways.app;
      await passOn({ way, incoming, body, outgoing });
    } else servePage(path, outgoing);
  };

  function servePage(path: string, outgoing: ServerResponse): void {
    const page = pages.get(path);
    if (page === undefined) {
      outgoing.writeHead(404).end();
      return;
    }
    if (site.policy !== undefined) outgoing.setHeader('content-security-policy', site.policy);
    outgoing.writeHead(200, { 'content-type': page.type }).end(page.content);
  }

  async function passOn(call: {
    way: WayKeeper;
    incoming: IncomingMessage;
    body: string;
    outgoing: ServerResponse;
  }): Promise<void> {
    const { way, incoming, body, outgoing } = call;
    const fault = way.take({ headers: incoming.headers, body });
    if (fault === 'hang') return;
    if (fault === 'cut before') return void outgoing.destroy();
    if (typeof fault === 'object') {
      const { status, retryAfter } = fault;
      outgoing.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end();
      return;
    }
    await throughGateway(fault, incoming, body, outgoing);
  }

  async function throughGateway(
    fault: Fault,
    incoming: IncomingMessage,
    body: string,
    outgoing: ServerResponse,
  ): Promise<void> {
    const { host: _, connection: __, 'content-length': ___, ...headers } = incoming.headers;
    const half = fault === 'half' ? halve(body) : null;
    const passed = half?.passed ?? body;
    try {
      const answer = await send(gateway, {
        headers: {
          ...(headers as Record<string, string>),
          'x-forwarded-for': person.address,
          'content-length': String(Buffer.byteLength(passed)),
        },
        body: passed,
      });
      if (fault === 'cut after') return void outgoing.destroy();
      const text = half && answer.status === 200 ? half.whole(answer.text) : answer.text;
      outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    } catch {
      outgoing.destroy();
    }
  }

  const loopback: Loopback = await serve((incoming, outgoing) => {
    // Chromium itself repeats a request when a connection that it has used before breaks off.
    outgoing.setHeader('connection', 'close');
    // A page that went away in the middle of its request.
    listener(incoming, outgoing).catch(() => outgoing.destroy());
  });
  // The name and not the address: what a developer's own machine says.
  return Object.assign(site, {
    origin: loopback.url.replace('127.0.0.1', 'localhost'),
    close: loopback.close,
  });
}

/** By its query: only an app's own client says `operationName` besides. */
function isTelemetry(body: string): boolean {
  return (JSON.parse(body) as { query: string }).query.startsWith('mutation TrackEvents(');
}
