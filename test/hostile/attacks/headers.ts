import { randomUUID } from 'node:crypto';
import type { Attack } from './attack.js';
import type { Sent, Target } from './target.js';

const browser =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** Proxies and extensions repeat headers, and whoever wants to get rid of an address makes its header long. */
export const headers: Attack = {
  name: '`Sec-GPC: 1` twice, `DNT: 1` twice, and an `x-forwarded-for` of 8 kB: are they understood?',
  before: 'no, no, no',
  promised: 'yes, yes, yes',
  async run(field) {
    const target = await field.start();
    try {
      const address = '203.0.113.7';
      const usual = await visitorOf(target, { 'x-forwarded-for': address });
      const gpc = await visitorOf(target, { 'x-forwarded-for': address, 'sec-gpc': ['1', '1'] });
      const dnt = await visitorOf(target, { 'x-forwarded-for': address, dnt: ['1', '1'] });
      const long = await visitorOf(target, {
        'x-forwarded-for': `${'198.51.100.9, '.repeat(600)}${address}`,
      });
      const understood = [gpc === null, dnt === null, usual !== null && long === usual];
      return {
        figure: understood.map((yes) => (yes ? 'yes' : 'no')).join(', '),
        holds: understood.every(Boolean),
      };
    } finally {
      await target.stop();
    }
  },
};

/** The visitor that is stored of an event with these headers; null where there is none. */
async function visitorOf(target: Target, more: Sent['headers']): Promise<string | null> {
  const entityId = randomUUID();
  const token = await target.keys.token('somebody');
  const event = {
    eventType: 'journey_create_clicked',
    appName: 'journeys-admin',
    clientEventId: randomUUID(),
    entityType: 'journey',
    entityId,
    host: 'admin.example',
  };
  await target.send({
    path: '/v1/events',
    token,
    headers: { 'user-agent': browser, ...more },
    body: { events: [event] },
  });
  const admin = await target.keys.token('admin', ['admin']);
  const query = 'query($id: ID!) { events(filter: {entityId: $id}) { edges { node { userHash } } } }';
  const { text } = await target.send({ token: admin, body: { query, variables: { id: entityId } } });
  const { data } = JSON.parse(text) as {
    data: { events: { edges: { node: { userHash: string | null } }[] } };
  };
  const [edge] = data.events.edges;
  if (!edge) throw new Error('an event of the attack was not stored');
  return edge.node.userHash;
}
