import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const name = 'signals-offline';
const user = 'canary-user-7f3a';
const secret = 'canary-property-91c2';

let server: Server;
let browser: Browser;
let context: BrowserContext;
let origin: string;

beforeAll(async () => {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL('../../sdk/offline/page.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  const script = bundle.outputFiles[0]?.text ?? '';
  server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(isScript ? script : '<!doctype html><title>page</title><script src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  browser = await chromium.launch({
    executablePath: process.env.SIGNALS_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP insecure.test 127.0.0.1',
    ],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
});

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

beforeEach(async () => {
  context = await browser.newContext();
});

afterEach(async () => {
  await context.close();
});

/** Calls a function of test/sdk/offline/page.ts in the page. */
function call<T = unknown>(page: Page, method: string, ...args: readonly unknown[]): Promise<T> {
  return page.evaluate(`probe.${method}(...${JSON.stringify(args)})`) as Promise<T>;
}

/** Waits until a call answers what is expected. */
async function until(page: Page, method: string, args: readonly unknown[], expected: unknown) {
  const condition = `(async () => JSON.stringify(await probe.${method}(...${JSON.stringify(args)})))()`;
  await expect.poll(async () => JSON.parse(await page.evaluate(condition))).toEqual(expected);
}

async function tab(options: object = {}, shiftMs = 0): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${origin}/`);
  await call(page, 'make', options, shiftMs);
  return page;
}

async function openTab(as = user, options: object = {}, shiftMs = 0): Promise<Page> {
  const page = await tab(options, shiftMs);
  await call(page, 'open', as);
  await until(page, 'opened', [], 1);
  return page;
}

async function keep(page: Page, ids: readonly string[]): Promise<void> {
  await call(page, 'save', ids, secret);
  await until(page, 'holdsAll', [ids], true);
}

/** The same tab after a reload, with nothing called yet but `make`. */
async function reload(page: Page, options: object = {}): Promise<void> {
  await page.reload();
  await call(page, 'make', options);
}

async function crash(page: Page): Promise<void> {
  const crashed = page.waitForEvent('crash');
  page.goto('chrome://crash').catch(() => {});
  await crashed;
}

/** From now on the event `a` is removed within the very transaction that writes it. */
const removeWithPut = `
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...args) { probe.remove(['a']); return put.apply(this, args); };
`;

const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(3, '0')}`);

describe('what a page leaves', () => {
  it('is taken over by the same tab after a reload, word for word', async () => {
    const page = await openTab();
    await keep(page, ['a', 'b']);
    await reload(page);
    await call(page, 'open', user);
    await until(page, 'restored', [], ['a', 'b']);
    expect(await call(page, 'restoredJson')).toEqual([
      `{"id":"a","text":"${secret}"}`,
      `{"id":"b","text":"${secret}"}`,
    ]);
    expect(await call(page, 'holds', ['a', 'b'])).toEqual([true, true]);
  });

  it('is not there any more once it was removed', async () => {
    const page = await openTab();
    await keep(page, ['a', 'b', 'c']);
    await call(page, 'remove', ['a', 'c']);
    expect(await call(page, 'holds', ['a', 'b', 'c'])).toEqual([false, true, false]);
    await until(page, 'dump', [name], expect.objectContaining({ records: 1 }));
    await reload(page);
    await call(page, 'open', user);
    await until(page, 'restored', [], ['b']);
  });

  it('is taken over after its renderer crashed', async () => {
    const page = await openTab();
    await keep(page, ['a']);
    await crash(page);
    const next = await openTab();
    await until(next, 'restored', [], ['a']);
  });

  it('is taken over by a tab that was open all the time', async () => {
    const stays = await openTab(user, { adoptEveryMs: 20 });
    const goes = await openTab();
    await keep(goes, ['a']);
    expect(await call(stays, 'restored')).toEqual([]);
    await goes.close();
    await until(stays, 'restored', [], ['a']);
  });

  it('is taken over by a third tab when two are closed at the same time', async () => {
    const first = await openTab();
    const second = await openTab();
    await keep(first, ['a']);
    await keep(second, ['b']);
    await Promise.all([first.close(), second.close()]);
    const third = await openTab(user, { adoptEveryMs: 20 });
    await until(third, 'restored', [], ['a', 'b']);
  });

  it('is not touched while the page lives', async () => {
    const first = await openTab();
    await keep(first, ids('a', 30));
    const second = await openTab();
    await keep(second, ['b']);
    await reload(second);
    await call(second, 'open', user);
    await until(second, 'restored', [], ['b']);
    expect(await call(first, 'holdsAll', ids('a', 30))).toBe(true);
  });

  it('goes to one of many tabs that want it at the same moment, never to two', async () => {
    const all = ids('a', 60);
    const tabs = await Promise.all([1, 2, 3, 4].map(() => tab({ adoptEveryMs: 5 })));
    for (let round = 0; round < 3; round += 1) {
      const source = await openTab(user, { name: `round-${round}` });
      await keep(source, all);
      await Promise.all(tabs.map((each) => call(each, 'make', { name: `round-${round}`, adoptEveryMs: 5 })));
      await crash(source);
      const before = await Promise.all(tabs.map((each) => call<string[]>(each, 'restored')));
      await Promise.all(tabs.map((each) => call(each, 'open', user)));
      await expect
        .poll(async () => {
          const now = await Promise.all(tabs.map((each) => call<string[]>(each, 'restored')));
          return now.flat().length - before.flat().length;
        })
        .toBe(all.length);
      await Promise.all(tabs.map((each) => until(each, 'opened', [], round + 1)));
      const got = await Promise.all(tabs.map((each) => call<string[]>(each, 'restored')));
      expect(got.flat().sort()).toEqual(
        Array.from({ length: round + 1 }, () => all)
          .flat()
          .sort(),
      );
      await Promise.all(tabs.map((each) => call(each, 'release')));
    }
  });
});

describe('the back/forward cache', () => {
  it('gives a page back what nobody has taken', async () => {
    const page = await openTab();
    await keep(page, ['a', 'b']);
    await page.goto('about:blank');
    await page.evaluate('history.back()').catch(() => {});
    await page.waitForURL(`${origin}/`, { waitUntil: 'commit' });
    await until(page, 'opened', [], 2);
    expect(await call(page, 'taken')).toEqual([]);
    expect(await call(page, 'restored')).toEqual([]);
    expect(await call(page, 'holdsAll', ['a', 'b'])).toBe(true);
    await call(page, 'remove', ['a']);
    await until(page, 'dump', [name], expect.objectContaining({ records: 1 }));
  });

  it('tells a page what others have taken meanwhile', async () => {
    const page = await openTab();
    await keep(page, ['a', 'b', 'c']);
    await call(page, 'remove', ['c']);
    await page.goto('about:blank');
    const other = await openTab();
    await until(other, 'restored', [], ['a', 'b']);
    await call(other, 'remove', ['a']);
    await page.evaluate('history.back()').catch(() => {});
    await page.waitForURL(`${origin}/`, { waitUntil: 'commit' });
    await until(page, 'opened', [], 2);
    expect(await call(page, 'taken')).toEqual(['a', 'b']);
    expect(await call(page, 'holds', ['a', 'b'])).toEqual([false, false]);
    // What the page says of its former records does nothing to the other page's.
    await call(page, 'remove', ['b']);
    await keep(page, ['d']);
    expect((await call<{ records: number }>(page, 'dump', name)).records).toBe(2);
    expect(await call(other, 'holds', ['b'])).toEqual([true]);
  });

  it('gives a page back what was taken when the taker has died with it', async () => {
    const page = await openTab();
    await keep(page, ['a']);
    await page.goto('about:blank');
    const other = await openTab();
    await until(other, 'restored', [], ['a']);
    await crash(other);
    await page.evaluate('history.back()').catch(() => {});
    await page.waitForURL(`${origin}/`, { waitUntil: 'commit' });
    await until(page, 'opened', [], 2);
    expect(await call(page, 'taken')).toEqual(['a']);
    await until(page, 'restored', [], ['a']);
  });
});

describe('privacy', () => {
  it('leaves nothing readable in the database', async () => {
    const page = await openTab();
    await keep(page, ['a']);
    const { records, text } = await call<{ records: number; text: string }>(page, 'dump', name);
    expect(records).toBe(1);
    expect(text).toContain('key extractable=false');
    expect(text).not.toContain(secret);
    expect(text).not.toContain(user);
    expect(text).not.toContain('text');
  });

  it('uses no nonce and no page id twice', async () => {
    const page = await openTab();
    await keep(page, ids('a', 50));
    const { text } = await call<{ text: string }>(page, 'dump', name);
    const nonces = text.split('\n').filter((line) => line.startsWith('iv='));
    const before = await call<string[]>(page, 'heldLocks');
    await call(page, 'open', user);
    await until(page, 'opened', [], 2);
    expect(new Set(nonces).size).toBe(nonces.length);
    expect(before).toHaveLength(1);
    expect(await call(page, 'heldLocks')).not.toContain(before[0]);
  });

  it('gives no user what another has left, and keeps it for that one', async () => {
    const page = await openTab();
    await keep(page, ['a']);
    await reload(page);
    await call(page, 'open', 'somebody-else');
    await until(page, 'opened', [], 1);
    await keep(page, ['b']);
    expect(await call(page, 'restored')).toEqual([]);
    expect((await call<{ records: number }>(page, 'dump', name)).records).toBe(2);
    await reload(page);
    await call(page, 'open', user);
    await until(page, 'restored', [], ['a']);
  });

  it('leaves to each user their own when the user changes within a page', async () => {
    const page = await openTab('u-1', { adoptEveryMs: 20 });
    await keep(page, ['a']);
    await call(page, 'open', 'u-2');
    await until(page, 'opened', [], 2);
    expect(await call(page, 'taken')).toEqual([]);
    expect(await call(page, 'holds', ['a'])).toEqual([false]);
    await keep(page, ['b']);
    expect(await call(page, 'restored')).toEqual([]);
    await call(page, 'open', 'u-1');
    await until(page, 'restored', [], ['a']);
  });

  it('erases everything, key included, in a page that has it open', async () => {
    const page = await openTab();
    await keep(page, ['a']);
    await call(page, 'save', ['b']);
    await call(page, 'erase');
    expect(await call(page, 'holds', ['a', 'b'])).toEqual([false, false]);
    await until(page, 'databases', [], []);
    await until(page, 'heldLocks', [], []);
    await call(page, 'save', ['c']);
    await call(page, 'open', user);
    await until(page, 'opened', [], 2);
    expect(await call(page, 'restored')).toEqual([]);
    expect((await call<{ records: number }>(page, 'dump', name)).records).toBe(0);
    await keep(page, ['d']);
  });

  it('erases what is left of other pages without having been opened, and stops pages that are open', async () => {
    const other = await openTab();
    await keep(other, ['a']);
    const page = await tab();
    await call(page, 'erase');
    await until(page, 'databases', [], []);
    await until(other, 'holds', [['a']], [false]);
    await call(other, 'save', ['b']);
    await call(other, 'remove', ['a']);
    expect(await call(other, 'databases')).toEqual([]);
    expect(await call(other, 'failures')).toEqual([]);
  });

  it('leaves nothing behind when it is erased while it opens', async () => {
    const page = await tab();
    await page.evaluate(`probe.open('u-1'); probe.save(['a']); probe.erase();`);
    await until(page, 'heldLocks', [], []);
    await until(page, 'databases', [], []);
    await page.evaluate(
      `probe.open('u-1'); probe.save(['a']); probe.erase(); probe.open('u-1'); probe.save(['b'])`,
    );
    await until(page, 'holds', [['a', 'b']], [false, true]);
  });
});

describe('limits', () => {
  const day = 86_400_000;

  it('keeps nothing on the caller’s stack, and says so', async () => {
    const page = await openTab();
    expect(await call(page, 'saveAndLook', ['a'])).toEqual([false]);
    await until(page, 'holdsAll', [['a']], true);
  });

  it('never writes what was removed before its turn', async () => {
    const page = await openTab();
    await page.evaluate(`probe.save(['a', 'b']); probe.remove(['a'])`);
    await until(page, 'holds', [['a', 'b']], [false, true]);
    expect((await call<{ records: number }>(page, 'dump', name)).records).toBe(1);
  });

  it('never writes what was removed while it was being encrypted', async () => {
    const page = await openTab();
    await page.evaluate(`
      const { encrypt } = SubtleCrypto.prototype;
      SubtleCrypto.prototype.encrypt = function (...args) { probe.remove(['a']); return encrypt.apply(this, args); };
      const { put } = IDBObjectStore.prototype;
      globalThis.written = [];
      IDBObjectStore.prototype.put = function (...args) { written.push(args[1][1]); return put.apply(this, args); };
    `);
    await call(page, 'save', ['a', 'b']);
    await until(page, 'holds', [['a', 'b']], [false, true]);
    expect(await page.evaluate('written')).toEqual(['b']);
  });

  it('deletes what was removed while it was being written', async () => {
    const page = await openTab();
    await page.evaluate(removeWithPut);
    await call(page, 'save', ['a', 'b']);
    await until(page, 'holds', [['a', 'b']], [false, true]);
    await until(page, 'dump', [name], expect.objectContaining({ records: 1 }));
  });

  it('deletes what was removed while the page took it over from itself', async () => {
    const page = await openTab();
    await keep(page, ['a', 'b']);
    await page.evaluate(removeWithPut);
    await call(page, 'open', user);
    await until(page, 'opened', [], 2);
    expect(await call(page, 'holds', ['a', 'b'])).toEqual([false, true]);
    await until(page, 'dump', [name], expect.objectContaining({ records: 1 }));
    expect(await call(page, 'restored')).toEqual([]);
  });

  it('lets the page’s own oldest go when there are too many, which is no loss', async () => {
    const page = await openTab(user, { maxEvents: 3 });
    for (const id of ['a', 'b', 'c']) await keep(page, [id]);
    await keep(page, ['d', 'e']);
    expect(await call(page, 'holds', ['a', 'b', 'c', 'd', 'e'])).toEqual([false, false, true, true, true]);
    expect(await call(page, 'lost')).toEqual({ expired: 0, offline_full: 0 });
    expect((await call<{ records: number }>(page, 'dump', name)).records).toBe(3);
  });

  it('lets go of the oldest by their encrypted size', async () => {
    const sealedBytes = JSON.stringify({ id: 'a', text: secret }).length + 16;
    const page = await openTab(user, { maxBytes: 2 * sealedBytes });
    for (const id of ['a', 'b', 'c']) await keep(page, [id]);
    expect(await call(page, 'holds', ['a', 'b', 'c'])).toEqual([false, true, true]);
  });

  it('counts as offline_full what pages that are gone have left and no longer fits', async () => {
    const page = await openTab('u-1');
    await keep(page, ['a', 'b']);
    await reload(page, { maxEvents: 2 });
    await call(page, 'open', 'u-2');
    await until(page, 'opened', [], 1);
    await keep(page, ['c']);
    expect(await call(page, 'lost')).toEqual({ expired: 0, offline_full: 1 });
  });

  it('does not let one tab drive out what another that is open holds', async () => {
    const first = await openTab(user, { maxEvents: 3 });
    await keep(first, ['a', 'b']);
    const second = await openTab(user, { maxEvents: 3 });
    await keep(second, ['c']);
    await keep(second, ['d']);
    expect(await call(first, 'holds', ['a', 'b'])).toEqual([true, true]);
    expect(await call(second, 'holds', ['c', 'd'])).toEqual([false, true]);
    expect((await call<{ records: number }>(second, 'dump', name)).records).toBe(3);
  });

  it('counts as expired what is too old, readable or not, once among all tabs', async () => {
    const page = await openTab('u-1');
    await keep(page, ['a', 'b']);
    await page.close();
    const later = await Promise.all([tab({}, day + 60_000), tab({}, day + 60_000), tab({}, day + 60_000)]);
    await Promise.all(later.map((each, index) => call(each, 'open', `u-${index}`)));
    await Promise.all(later.map((each) => until(each, 'opened', [], 1)));
    const lost = await Promise.all(later.map((each) => call<{ expired: number }>(each, 'lost')));
    expect(lost.reduce((sum, { expired }) => sum + expired, 0)).toBe(2);
    const restored = await Promise.all(later.map((each) => call<string[]>(each, 'restored')));
    expect(restored.flat()).toEqual([]);
  });

  it('keeps a damaged record away from everybody until it is too old', async () => {
    const page = await openTab();
    await keep(page, ['a']);
    await call(page, 'damage', name);
    await reload(page);
    await call(page, 'open', user);
    await until(page, 'opened', [], 1);
    expect(await call(page, 'restored')).toEqual([]);
    await page.close();
    const later = await openTab(user, {}, day + 60_000);
    expect(await call(later, 'lost')).toEqual({ expired: 1, offline_full: 0 });
  });

  it('does not lose an event to a clock that is set back by less than the age limit', async () => {
    const page = await openTab(user, {}, day / 2);
    await keep(page, ['a']);
    await call(page, 'shiftClock', 0);
    await keep(page, ['b']);
    await reload(page);
    await call(page, 'open', user);
    await until(page, 'restored', [], ['a', 'b']);
  });

  it('does not keep for ever what was saved under a clock far ahead', async () => {
    const page = await openTab(user, {}, 400 * day);
    await keep(page, ['a']);
    await page.close();
    const later = await openTab();
    expect(await call(later, 'lost')).toEqual({ expired: 1, offline_full: 0 });
    expect((await call<{ records: number }>(later, 'dump', name)).records).toBe(0);
  });
});

describe('where storage does not work', () => {
  const broken = {
    'IndexedDB throws when it is looked at':
      'Object.defineProperty(globalThis, "indexedDB", { get() { throw new DOMException("no", "SecurityError"); } })',
    'there is no IndexedDB': 'Object.defineProperty(globalThis, "indexedDB", { value: undefined })',
    'IndexedDB refuses to open':
      'IDBFactory.prototype.open = () => { throw new DOMException("no", "InvalidStateError"); }',
    'no transaction can be made':
      'IDBDatabase.prototype.transaction = () => { throw new DOMException("no", "InvalidStateError"); }',
    'there are no Web Locks': 'Object.defineProperty(navigator, "locks", { value: undefined })',
    'Web Locks are refused':
      'LockManager.prototype.request = () => Promise.reject(new DOMException("no", "SecurityError"))',
    'there is no WebCrypto': 'Object.defineProperty(crypto, "subtle", { value: undefined })',
    'no key can be made': 'SubtleCrypto.prototype.generateKey = () => Promise.reject(new Error("no"))',
    'encryption fails': 'SubtleCrypto.prototype.encrypt = () => Promise.reject(new Error("no"))',
    'the disk is full':
      'IDBObjectStore.prototype.put = function (value) { if (!(value instanceof CryptoKey)) throw new DOMException("no", "QuotaExceededError"); }',
  };

  for (const [what, script] of Object.entries(broken)) {
    it(`is silently off: ${what}`, async () => {
      await context.addInitScript(script);
      const page = await openTab();
      await call(page, 'save', ['a']);
      await call(page, 'remove', ['b']);
      await call(page, 'open', user);
      await until(page, 'opened', [], 2);
      await call(page, 'save', ['c']);
      await call(page, 'open', user);
      await until(page, 'opened', [], 3);
      expect(await call(page, 'holds', ['a', 'c'])).toEqual([false, false]);
      await call(page, 'release');
      await call(page, 'erase');
      expect(await call(page, 'restored')).toEqual([]);
      expect(await call(page, 'failures')).toEqual([]);
    });
  }

  it('is silently off over plain http, and makes no database there', async () => {
    const page = await context.newPage();
    await page.goto(origin.replace('localhost', 'insecure.test'));
    expect(await page.evaluate('isSecureContext')).toBe(false);
    await call(page, 'make');
    await call(page, 'open', user);
    await until(page, 'opened', [], 1);
    await call(page, 'save', ['a']);
    await call(page, 'erase');
    expect(await call(page, 'holds', ['a'])).toEqual([false]);
    expect(await call(page, 'databases')).toEqual([]);
    expect(await call(page, 'failures')).toEqual([]);
  });
});
