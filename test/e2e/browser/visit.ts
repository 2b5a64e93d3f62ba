import { randomUUID } from 'node:crypto';
import type { Database } from '../support/database.js';
import type { Person } from '../support/people.js';
import type { Browser, Context, Page } from './chromium.js';
import type { Pages } from './pages.js';
import { openSite, type Site } from './site.js';

/** `stats()` of a tracker. */
export interface Stats {
  readonly tracked: number;
  /** With an offline store. */
  readonly restored?: number;
  readonly sent: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly dropped: Readonly<Record<string, number>>;
  /** With an offline store. */
  readonly handedOver?: number;
  readonly queued: number;
  readonly inFlight: number;
  readonly gate: string;
}

/** What a page said while it was left. */
export interface Exit {
  /** Whether it went into the back/forward cache. */
  readonly persisted: boolean;
  readonly stats: Stats;
}

/** What may be said of a tracker from outside the page: `TrackerOptions`, the parts that are not functions. */
export interface StartOptions {
  readonly user?: { readonly id: string } | null | undefined;
  readonly offline?: true;
  readonly session?: 'tab' | 'none';
  readonly [option: string]: unknown;
}

/** A page with a tracker, driven by `globalThis.host` of pages/host.js. */
export interface Tab {
  readonly page: Page;
  /** Makes the page's tracker: signed in, consenting, unless the options say otherwise. */
  start(options?: StartOptions): Promise<void>;
  /** Tracks so many events of this visit, in one go. */
  track(count?: number): Promise<void>;
  stats(): Promise<Stats>;
  /** Closes the page as its user does, and waits until it is gone. */
  leave(): Promise<void>;
  /** Any method of `globalThis.host`. */
  call<Result>(method: string, ...words: readonly unknown[]): Promise<Result>;
}

/** Somebody with a profile of their own at a site of their own. */
export interface Visit {
  readonly person: Person;
  readonly site: Site;
  readonly context: Context;
  /** What all events of this visit are about: the way to find them in the database. */
  readonly journey: string;
  /** Uncaught errors and unhandled rejections of all pages. */
  readonly errors: readonly string[];
  /** Opens a page of the site; a tracker is made with `start`. */
  open(path?: string): Promise<Tab>;
  /** Drives a page that was opened otherwise. */
  tab(page: Page): Tab;
  /** The client ids of the stored events, sorted. */
  stored(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openVisit(options: {
  readonly browser: Browser;
  readonly pages: Pages;
  readonly person: Person;
  readonly gateway: string;
  readonly database: Database;
}): Promise<Visit> {
  const { browser, pages, person, gateway, database } = options;
  const site = await openSite({ pages, person, gateway });
  const context = await browser.newContext();
  const journey = randomUUID();
  const errors: string[] = [];
  context.on('page', (page) => page.on('pageerror', (error) => errors.push(error.stack ?? error.message)));

  const tab = (page: Page): Tab => {
    const call = <Result>(method: string, ...words: readonly unknown[]): Promise<Result> =>
      page.evaluate<Result>(callHost, { method, words });
    const usual = { user: { id: person.sub }, token: person.token, consent: 'granted' };
    return {
      page,
      call,
      start: (more = {}) => call('start', { ...usual, ...more }),
      track: (count = 1) => call('track', count, journey),
      stats: () => call('stats'),
      async leave() {
        const gone = page.waitForEvent('close');
        await page.close({ runBeforeUnload: true });
        await gone;
      },
    };
  };

  return {
    person,
    site,
    context,
    journey,
    errors,
    tab,
    async open(path = '/host') {
      const page = await context.newPage();
      await page.goto(`${site.origin}${path}`);
      return tab(page);
    },
    async stored() {
      const rows = await database.query<{ client_event_id: string }>(
        'SELECT client_event_id FROM events WHERE entity_id = $1 ORDER BY client_event_id',
        [journey],
      );
      return rows.map((row) => row.client_event_id);
    },
    async close() {
      await context.close();
      await site.close();
    },
  };
}

/** Runs in the page. */
function callHost({ method, words }: { method: string; words: readonly unknown[] }): unknown {
  type Host = Record<string, (...words: readonly unknown[]) => unknown>;
  return (globalThis as unknown as { host: Host }).host[method]?.(...words);
}
