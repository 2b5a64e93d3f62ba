import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// The part of playwright-core that is used; its types are not there when those of this repository are checked.

export interface Page {
  goto(url: string): Promise<unknown>;
  evaluate<Result>(script: string): Promise<Result>;
  waitForFunction(script: string): Promise<unknown>;
  context(): { newCDPSession(page: Page): Promise<DevTools> };
}

/** The Chrome DevTools Protocol. */
export interface DevTools {
  send(method: string, parameters?: Readonly<Record<string, unknown>>): Promise<{ profile?: unknown }>;
}

export interface Browser {
  version(): string;
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launch(options: { executablePath: string; headless: boolean; args: readonly string[] }): Promise<Browser>;
  };
}

/** Starts a Chromium; where there is none, or nothing to drive it, answers why. */
export async function openChromium(root: string): Promise<Browser | string> {
  const executablePath = process.env.SIGNALS_CHROMIUM ?? '/usr/bin/chromium';
  const playwright = drivers(root);
  if (!playwright) return 'no playwright-core: `npm run e2e:browser` installs it';
  try {
    accessSync(executablePath, constants.X_OK);
  } catch {
    return `no Chromium at ${executablePath}: SIGNALS_CHROMIUM names another`;
  }
  return playwright.chromium.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--no-proxy-server', '--disable-sync'],
  });
}

/** From the lockfile of the end-to-end tests: the benchmark needs nothing of its own. */
function drivers(root: string): Playwright | null {
  try {
    return createRequire(join(root, 'test', 'e2e', 'package.json'))('playwright-core');
  } catch {
    return null;
  }
}
