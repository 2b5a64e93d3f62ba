import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../../examples/gateway/hive-bound-signature.mjs';
import { postGraphql } from '../support/browser.js';
import { send } from '../support/loopback.js';
import type { Person } from '../support/people.js';
import type { Stack } from '../support/stack.js';
import { pageView, track } from '../support/tracking.js';

interface SignedBody {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string;
  readonly extensions: Record<string, Record<string, unknown>> & { 'hmac-signature'?: unknown };
}

/** What somebody inside the network can do who reaches the subgraph itself, with and without having listened. */
export function signatureScenarios(stack: () => Stack): void {
  const endpoint = (): string => `${stack().hive.replica.url}/graphql`;
  const captured = async (person: Person): Promise<SignedBody> => {
    stack().hive.wire.take();
    await track(stack().hive.url, person, pageView(person));
    const [request] = stack().hive.wire.take();
    return JSON.parse(request?.body ?? '');
  };

  describe('the signed subgraph, reached without its gateway', () => {
    it.each([
      [
        'a mutation',
        'mutation { trackEvent(input: {eventType: "page_viewed", appName: "web", clientEventId: "x"}) { status } }',
      ],
      ['a query', '{ events(first: 1) { totalCount } }'],
      ['the SDL', '{ _service { sdl } }'],
      [
        'an entity',
        '{ _entities(representations: [{__typename: "AnalyticsEvent", id: "x"}]) { __typename } }',
      ],
    ])('refuses %s that nobody signed, even with an admin’s token', async (_, query) => {
      const admin = await stack().people.person({ roles: ['admin'] });
      const answer = await postGraphql(endpoint(), { query }, { authorization: `Bearer ${admin.token}` });
      expect(answer.status).toBe(401);
      expect(answer.codes).toEqual(['GATEWAY_SIGNATURE_REQUIRED']);
    });

    it('still answers health checks', async () => {
      const { url } = stack().hive.replica;
      for (const path of ['/livez', '/readyz'])
        expect(await send(`${url}${path}`, { method: 'GET' })).toMatchObject({ status: 200 });
    });

    it('a captured request sent again is the same event, and with anything in it replaced it is nothing', async () => {
      const body = await captured(await stack().people.person());
      const { jwt = {}, gateway = {} } = body.extensions;
      const payload = jwt.payload as Record<string, unknown>;
      const again = await postGraphql<{ trackEvent?: { status: string } }>(endpoint(), body);
      expect(again.status).toBe(200);
      expect(JSON.stringify(again.data)).toContain('DUPLICATE');
      const tampered: readonly SignedBody[] = [
        withExtensions(body, { jwt: { payload: { ...payload, sub: 'root', roles: ['admin'] } } }),
        withExtensions(body, { jwt }, { claims: { ...payload, roles: ['admin'] } }),
        withExtensions(body, { gateway: { ...gateway, ip: '198.51.100.77' } }),
        withExtensions(body, { gateway: { ...gateway, ts: Date.now() + 30_000 } }),
        { ...body, query: '{ events(first: 1) { totalCount } }' },
        { ...body, operationName: 'Another' },
      ];
      for (const changed of tampered) {
        const answer = await postGraphql(endpoint(), changed);
        expect(answer.status).toBe(401);
        expect(answer.codes).toEqual(['GATEWAY_SIGNATURE_INVALID']);
      }
    });

    it('what the gateway signed ten minutes ago is STALE', async () => {
      const body = await captured(await stack().people.person());
      const old = withExtensions(body, {
        gateway: { ...body.extensions.gateway, ts: Date.now() - 600_000 },
      });
      const answer = await postGraphql(endpoint(), signed(old, stack().hmacSecret));
      expect(answer.status).toBe(401);
      expect(answer.codes).toEqual(['GATEWAY_SIGNATURE_STALE']);
    });

    it('answers HTTP 200 to the gateway where a field is FORBIDDEN', async () => {
      const body = await captured(await stack().people.person());
      const asked = { query: '{ events(first: 1) { totalCount } }', extensions: body.extensions };
      const answer = await postGraphql(endpoint(), signed(asked, stack().hmacSecret));
      expect(answer.status).toBe(200);
      expect(answer.codes).toEqual(['FORBIDDEN']);
    });

    it('gets everything that the caller is known by from the signature, and the neighbour gets nothing of it', async () => {
      const person = await stack().people.person();
      const { extensions } = await captured(person);
      expect(extensions.gateway).toMatchObject({ ip: person.address, ua: person.userAgent });
      const saw = await stack().neighbourSaw();
      expect(JSON.parse(saw).length).toBeGreaterThan(0);
      for (const secret of [stack().hmacSecret, person.address.replace(/\d+$/, ''), person.userAgent ?? ''])
        expect(saw).not.toContain(secret);
    });
  });
}

function withExtensions(body: SignedBody, ...changes: Record<string, Record<string, unknown>>[]): SignedBody {
  return { ...body, extensions: Object.assign({}, body.extensions, ...changes) };
}

/** Signed anew, by somebody who has the gateway's secret. */
function signed(body: SignedBody, secret: string): SignedBody {
  const signature = createHmac('sha256', secret).update(canonicalText(body), 'utf8').digest('base64');
  return {
    ...body,
    extensions: { ...body.extensions, 'hmac-signature': signature } as SignedBody['extensions'],
  };
}
