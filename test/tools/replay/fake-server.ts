import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { TrackBatchInput, TrackEventInput } from '../../../src/contract/index.js';

export interface SeenBatch {
  readonly path: string;
  readonly address: string | undefined;
  /** Undefined: there was no such header. */
  readonly userAgent: string | undefined;
  readonly authorization: string | undefined;
  readonly events: readonly TrackEventInput[];
}

/** What to do instead of storing; null: store. */
export type Fault = (
  batch: SeenBatch,
  requestNumber: number,
) =>
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | 'cut'
  | null;

export interface FakeServer {
  readonly url: string;
  readonly seen: SeenBatch[];
  /** By id. */
  readonly stored: Map<string, { readonly event: TrackEventInput; readonly userHash: string }>;
  mostOpen(): number;
  close(): Promise<void>;
}

/** As much of Signals as a replay needs, over real HTTP: both ways in, and `events` and `eventStats` by day for the comparison. */
export async function startFakeServer(
  options: {
    readonly fault?: Fault;
    readonly verdict?: (
      event: TrackEventInput,
      batch: SeenBatch,
    ) => { status: string; reason: string } | null;
    /** Answered to `eventStats` instead of the truth. */
    readonly stats?: object;
  } = {},
): Promise<FakeServer> {
  const seen: SeenBatch[] = [];
  const stored: FakeServer['stored'] = new Map();
  let open = 0;
  let mostOpen = 0;

  const store = (batch: SeenBatch) =>
    batch.events.map((event) => {
      const clientEventId = event.clientEventId ?? '';
      const verdict = options.verdict?.(event, batch) ?? null;
      if (verdict !== null) return { clientEventId, ...verdict, retryAfterMs: null };
      const status = stored.has(clientEventId) ? 'DUPLICATE' : 'ACCEPTED';
      if (status === 'ACCEPTED')
        stored.set(clientEventId, { event, userHash: `${batch.address} ${batch.userAgent}` });
      return { clientEventId, status, reason: null, retryAfterMs: null };
    });

  const answer = (batch: SeenBatch, body: unknown, response: ServerResponse, request: IncomingMessage) => {
    const fault = options.fault?.(batch, seen.length) ?? null;
    if (fault === 'cut') return request.socket.destroy();
    if (fault !== null) return reply(response, fault.status, fault.body ?? {}, fault.headers);
    const results = store(batch);
    return isGraphql(body)
      ? reply(response, 200, { data: { trackEvents: { results } } })
      : reply(response, 202, { results });
  };

  const server = createServer(async (request, response) => {
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    response.on('close', () => {
      open -= 1;
    });
    const body = await readBody(request);
    if (isGraphql(body) && body.query.includes('events(')) {
      reply(response, 200, { data: { events: pageOf(stored, body.variables) } });
      return;
    }
    if (isGraphql(body) && body.query.includes('eventStats(')) {
      reply(response, 200, options.stats ?? { data: { eventStats: statsOf(stored, body.variables) } });
      return;
    }
    const { events } = (isGraphql(body) ? body.variables.input : body) as TrackBatchInput;
    const { headers } = request;
    const batch: SeenBatch = {
      path: request.url ?? '',
      address: headers['x-forwarded-for']?.toString(),
      userAgent: headers['user-agent'],
      authorization: headers.authorization,
      events,
    };
    seen.push(batch);
    answer(batch, body, response, request);
  });
  const url = await listen(server);
  return {
    url,
    seen,
    stored,
    mostOpen: () => mostOpen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function pageOf(stored: FakeServer['stored'], variables: Record<string, unknown>) {
  const filter = variables.filter as { from: string; to: string };
  const start = Number(variables.after ?? 0);
  const all = [...stored.values()].filter(
    ({ event }) => (event.occurredAt ?? '') >= filter.from && (event.occurredAt ?? '') < filter.to,
  );
  const end = start + Number(variables.first);
  return {
    edges: all.slice(start, end).map(({ userHash }) => ({ node: { userHash } })),
    pageInfo: { hasNextPage: end < all.length, endCursor: String(end) },
  };
}

function statsOf(stored: FakeServer['stored'], variables: Record<string, unknown>) {
  const { from, to } = variables.input as { from: string; to: string };
  const labels: string[] = [];
  for (let time = Date.parse(from); time < Date.parse(to); time += 86_400_000)
    labels.push(new Date(time).toISOString().slice(0, 10));
  const points = labels.map((day) => {
    const ofDay = [...stored.values()].filter(({ event }) => event.occurredAt?.startsWith(day));
    return { events: ofDay.length, visitors: new Set(ofDay.map(({ userHash }) => userHash)).size };
  });
  return { buckets: labels.map((label) => ({ label })), total: { points } };
}

function isGraphql(body: unknown): body is { query: string; variables: Record<string, unknown> } {
  return typeof body === 'object' && body !== null && 'query' in body;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function reply(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '');
    });
  });
}
