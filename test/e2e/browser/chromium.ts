import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { userAgents } from '../support/people.js';

// The part of playwright-core that is used. Its own types are not there when the types of this repository are
// checked: it is installed only by `npm run e2e`.

export interface Page {
  goto(url: string): Promise<unknown>;
  goBack(options: { waitUntil: 'commit' }): Promise<unknown>;
  reload(): Promise<unknown>;
  click(selector: string): Promise<void>;
  close(options?: { runBeforeUnload?: boolean }): Promise<void>;
  isClosed(): boolean;
  evaluate<Result>(script: string): Promise<Result>;
  evaluate<Result>(script: (argument: never) => unknown, argument: unknown): Promise<Result>;
  waitForEvent(event: 'popup' | 'close'): Promise<Page>;
  waitForFunction(script: string): Promise<unknown>;
  on(event: 'pageerror', listener: (error: Error) => void): unknown;
  readonly keyboard: { type(text: string): Promise<void>; press(key: string): Promise<void> };
}

export interface Context {
  newPage(): Promise<Page>;
  pages(): Page[];
  addInitScript(script: { content: string }): Promise<void>;
  setOffline(offline: boolean): Promise<void>;
  on(event: 'page', listener: (page: Page) => void): unknown;
  close(): Promise<void>;
}

export interface Browser {
  version(): string;
  newContext(): Promise<Context>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launch(options: {
      executablePath: string;
      headless: boolean;
      args: readonly string[];
      ignoreDefaultArgs: readonly string[];
    }): Promise<Browser>;
  };
}

const executablePath = process.env.SIGNALS_CHROMIUM ?? '/usr/bin/chromium';

/** Whether a Chromium can be had; where everything is required, its absence is an error and not a skip. */
export function chromiumIsHere(): boolean {
  try {
    accessSync(executablePath, constants.X_OK);
    return true;
  } catch {
    const missing = `no Chromium at ${executablePath}; SIGNALS_CHROMIUM names another`;
    if (process.env.SIGNALS_TEST_REQUIRE_ALL) throw new Error(missing);
    console.warn(`SKIPPED: the client in a real browser, because there is ${missing}`);
    return false;
  }
}

/** Starts the real thing: with its back/forward cache, and a user agent that does not say that it is headless. */
export function launchChromium(): Promise<Browser> {
  const { chromium }: Playwright = createRequire(import.meta.url)('playwright-core');
  return chromium.launch({
    executablePath,
    headless: true,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--no-proxy-server',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--user-agent=${userAgents.chrome}`,
    ],
  });
}
