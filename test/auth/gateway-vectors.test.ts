import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../examples/gateway/hive-bound-signature.mjs';
import { canonicalRequest } from '../../src/auth/gateway-signature.js';
import { type GatewayScope, verifyGatewaySignature } from '../../src/auth/index.js';

const file = new URL('../../examples/gateway/test-vectors.json', import.meta.url);
const secret = 'test-vector-secret-do-not-use-in-production';
const ts = 1_773_144_000;
const gateway = `"gateway":{"ts":${ts},"nonce":"6f1c","ip":"203.0.113.7","ua":"Mozilla/5.0"}`;
const jwt = '"jwt":{"payload":{"sub":"user-1","roles":["user"],"exp":1773147600}}';

/** Requests as they stand on the wire, without the signature. */
const cases: readonly [name: string, scope: GatewayScope, body: string][] = [
  ['anonymous, no variables', 'bound', `{"query":"{__typename}","extensions":{${gateway}}}`],
  ['with a JWT payload', 'bound', `{"query":"{eventCatalog{fingerprint}}","extensions":{${jwt},${gateway}}}`],
  [
    'with a JWT payload and the raw token',
    'bound',
    `{"query":"{__typename}","extensions":{"jwt":{"payload":{"sub":"user-1"},"token":{"value":"aaa.bbb.ccc","prefix":"Bearer"}},${gateway}}}`,
  ],
  [
    'claims without a wrapper',
    'bound',
    `{"query":"{__typename}","extensions":{"jwt":{"sub":"user-1"},${gateway}}}`,
  ],
  [
    'claims under their own name',
    'bound',
    `{"query":"{__typename}","extensions":{"claims":{"sub":"user-1"},${gateway}}}`,
  ],
  [
    'variables and operation name',
    'bound',
    `{"query":"mutation M($i:TrackEventInput!){trackEvent(input:$i){status}}","variables":{"i":{"eventType":"page_view","appName":"shop","seq":3}},"operationName":"M","extensions":{${jwt},${gateway}}}`,
  ],
  [
    'empty variables are left out',
    'bound',
    `{"query":"{__typename}","variables":{},"extensions":{${gateway}}}`,
  ],
  [
    'null variables and operation name are left out',
    'bound',
    `{"query":"{__typename}","variables":null,"operationName":null,"extensions":{${gateway}}}`,
  ],
  [
    'keys are sorted by UTF-16 code unit',
    'bound',
    `{"query":"{a}","variables":{"b":1,"a":2,"Z":3,"10":4,"9":5,"ä":6,"\\ud83d\\ude00":7,"\\uff5e":8},"extensions":{${gateway}}}`,
  ],
  [
    'unicode',
    'bound',
    `{"query":"{a}","variables":{"s":"Zoë, 東京, \\u0635\\u0628\\u0627\\u062d"},"extensions":{${gateway}}}`,
  ],
  [
    'emoji',
    'bound',
    `{"query":"{a}","variables":{"s":"\\ud83d\\udc69\\u200d\\ud83d\\udcbb"},"extensions":{${gateway}}}`,
  ],
  [
    'U+2028 and U+2029 stand as they are',
    'bound',
    `{"query":"{a}","variables":{"s":"\\u2028\\u2029"},"extensions":{${gateway}}}`,
  ],
  [
    'control characters, quote, backslash, slash',
    'bound',
    `{"query":"{a}","variables":{"s":"\\u0000\\b\\t\\n\\f\\r\\u001f\\u007f\\"\\\\\\/"},"extensions":{${gateway}}}`,
  ],
  [
    'half a surrogate pair is escaped',
    'bound',
    `{"query":"{a}","variables":{"s":"\\ud800"},"extensions":{${gateway}}}`,
  ],
  [
    'numbers',
    'bound',
    `{"query":"{a}","variables":{"n":[1e21,1E20,1.0,-0,0.1e-6,9007199254740993,1e400]},"extensions":{${gateway}}}`,
  ],
  [
    'nested lists and objects',
    'bound',
    `{"query":"{a}","variables":{"v":[[],{},[{"b":[],"a":null}],true,false]},"extensions":{${gateway}}}`,
  ],
  [
    'keys that are names of object internals',
    'bound',
    `{"query":"{a}","variables":{"__proto__":{"a":1},"constructor":2,"toJSON":3},"extensions":{${gateway}}}`,
  ],
  [
    'time in milliseconds, no address, opted out',
    'bound',
    `{"query":"{a}","extensions":{"gateway":{"ts":${ts}000,"nonce":"6f1c","ip":null,"gpc":"1"}}}`,
  ],
  ['stock: query only', 'stock', `{"query":"{__typename}","extensions":{${jwt}}}`],
  [
    'stock: operation name and JWT are not covered',
    'stock',
    `{"query":"query Q($n:Int){events(first:$n){totalCount}}","variables":{"n":5},"operationName":"Q","extensions":{${jwt}}}`,
  ],
];

interface Vector {
  readonly name: string;
  readonly scope: GatewayScope;
  readonly body: string;
  readonly canonical: string;
  readonly signature: string;
}

function vectorOf([name, scope, body]: (typeof cases)[number]): Vector {
  const canonical = canonicalRequest(JSON.parse(body), scope) ?? '';
  return {
    name,
    scope,
    body,
    canonical,
    signature: createHmac('sha256', secret).update(canonical, 'utf8').digest('base64'),
  };
}

/** Only ASCII, so that no editor changes a byte. */
function printed(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value, null, 2).replace(/[^\x20-\x7e\n]/g, escaped)}\n`;
}

const about =
  'Bodies as they stand on the wire, without the signature; `canonical` is the text that is signed, `signature` its HMAC-SHA-256 in base64, keyed with the UTF-8 bytes of `secret`. `now`: seconds at which all of them are fresh.';

it('the file of test vectors is what the code makes (vitest -u writes it)', async () => {
  await expect(printed({ about, secret, now: ts, vectors: cases.map(vectorOf) })).toMatchFileSnapshot(
    file.pathname,
  );
});

describe('every vector', () => {
  const vectors = cases.map(vectorOf);

  it.each(vectors.map((vector) => [vector.name, vector] as const))(
    '%s: verifies, and with a byte changed does not',
    (_n, vector) => {
      const now = new Date(ts * 1000);
      const verify = (signature: string, text = vector.body) => {
        const params = JSON.parse(text);
        params.extensions['hmac-signature'] = signature;
        return verifyGatewaySignature({ params, secrets: [secret], scope: vector.scope, now }).ok;
      };
      expect(verify(vector.signature)).toBe(true);
      expect(verify(vector.signature, vector.body.replace('{"query":"', '{"query":" '))).toBe(false);
      if (vector.scope === 'bound') expect(canonicalText(JSON.parse(vector.body))).toBe(vector.canonical);
    },
  );
});
