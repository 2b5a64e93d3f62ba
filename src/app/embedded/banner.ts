import type { Config } from '../../config/index.js';
import { type Place, tokenCommand } from './token-command.js';

/** What a person sees who has just started it: where it is, and two commands to try. */
export function banner(url: string, config: Config, place: Place): string {
  const token = tokenFor(config, place);
  const store = config.databaseUrl
    ? 'PostgreSQL'
    : `embedded PGlite in ${config.dataDir} (no fsync: a power cut may lose the last events)`;
  const track = JSON.stringify({
    query: 'mutation($input: TrackEventInput!) { trackEvent(input: $input) { status reason field rule } }',
    variables: {
      input: {
        eventType: 'page_viewed',
        appName: 'web',
        clientEventId: '__ID__',
        route: '/hello',
        occurredAt: '__NOW__',
        sentAt: '__NOW__',
      },
    },
  });
  const read = JSON.stringify({
    query: '{ events(first: 5) { totalCount edges { node { createdAt eventType route browserFamily } } } }',
  });
  const post = `curl -s ${url}/graphql -H 'content-type: application/json'`;
  return `
Signals is ready at ${url} (${store})

  GraphQL   ${url}/graphql      batches  ${url}/v1/events
  health    ${url}/livez  ${url}/readyz      metrics  ${url}/metrics

Track an event, as a browser would:
  ${post} -A 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36' -H "authorization: Bearer ${token('--sub user-1')}" -d '${track.replace('__ID__', `'"$(node -p 'crypto.randomUUID()')"'`).replaceAll('__NOW__', `'"$(date -u +%FT%TZ)"'`)}'

Read it back, as an admin:
  ${post} -H "authorization: Bearer ${token('--sub admin-1 --role admin')}" -d '${read}'

`;
}

/** What stands for a token in a shell: the command that prints one, or a variable where an issuer of others makes them. */
function tokenFor({ jwksUrl, jwksFile, dataDir }: Config, place: Place): (options: string) => string {
  if (jwksUrl !== null || jwksFile !== null) return () => '$TOKEN';
  const command = tokenCommand(place, dataDir);
  return (options) => `$(${command} ${options})`;
}
