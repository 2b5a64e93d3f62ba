import { field, parseJson } from '../../src/client/json-field.js';
import type { Exchange } from '../../src/client/transport.js';
import { limits, type Result } from '../../src/contract/index.js';
import { graphqlErrorCode } from './channels.js';
import { replayApp, replayEventType } from './replay-event.js';

/** What the server has of one day. */
export interface StoredDay {
  readonly events: number;
  /** Distinct `userHash`; events without one are not in it. */
  readonly visitors: number;
}

const query = `query Stored($filter: EventsFilter, $first: Int, $after: String) {
  events(filter: $filter, first: $first, after: $after) {
    edges { node { userHash } }
    pageInfo { hasNextPage endCursor }
  }
}`;

/**
 * Counts what the server stored for one UTC day (`YYYY-MM-DD`) of the replayed app and event type, page by
 * page, or says why it cannot: an error code of Signals, or a word of the transport's. `post` sends a GraphQL body
 * with an admin's token and never rejects.
 */
export async function countStored(
  post: (body: string) => Promise<Exchange>,
  day: string,
): Promise<Result<StoredDay, string>> {
  const from = new Date(`${day}T00:00:00.000Z`);
  const to = new Date(from.getTime() + 86_400_000);
  const filter = {
    appName: [replayApp],
    eventType: [replayEventType],
    from: from.toISOString(),
    to: to.toISOString(),
  };
  const hashes = new Set<string>();
  let events = 0;
  let after: string | null = null;
  do {
    const variables = { filter, first: limits.maxPageSize, after };
    const page = readPage(await post(JSON.stringify({ query, operationName: 'Stored', variables })));
    if (!page.ok) return page;
    events += page.value.hashes.length;
    for (const hash of page.value.hashes) if (hash !== null) hashes.add(hash);
    after = page.value.next;
  } while (after !== null);
  return { ok: true, value: { events, visitors: hashes.size } };
}

interface Page {
  readonly hashes: readonly (string | null)[];
  /** The cursor of the next page; null where there is none. */
  readonly next: string | null;
}

function readPage(exchange: Exchange): Result<Page, string> {
  const body = parseJson(exchange.text);
  const connection = field(field(body, 'data'), 'events');
  const edges = field(connection, 'edges');
  if (!Array.isArray(edges)) return { ok: false, error: graphqlErrorCode(body) ?? exchange.outcome };
  const hashes = edges.map((edge) => {
    const hash = field(field(edge, 'node'), 'userHash');
    return typeof hash === 'string' ? hash : null;
  });
  const info = field(connection, 'pageInfo');
  const cursor = field(info, 'endCursor');
  // An empty page with a next one would turn for ever.
  const more = field(info, 'hasNextPage') === true && typeof cursor === 'string' && edges.length > 0;
  return { ok: true, value: { hashes, next: more ? cursor : null } };
}
