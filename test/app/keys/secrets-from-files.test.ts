import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDistinctSecrets } from '../../../src/app/keys/distinct-secrets.js';
import { openGatewayTrust } from '../../../src/app/keys/gateway-trust.js';
import { openSalt } from '../../../src/app/keys/salt.js';
import { settingFiles } from '../../../src/app/setting-files.js';
import { ConfigurationError, loadConfig } from '../../../src/config/index.js';
import { createLog } from '../../../src/observability/log.js';
import { createMetrics } from '../../../src/observability/metrics.js';

const salt = 'a salt secret that is long enough to be one';
const gateway = 'a gateway secret that is long enough to be one';
let folder: string;
let lines: string[];
let close: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  folder = mkdtempSync(join(tmpdir(), 'signals-secrets-'));
  lines = [];
});
afterEach(() => {
  close();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text, { mode: 0o600 });

function open() {
  write('salt', salt);
  write('gateway', gateway);
  const loaded = loadConfig(
    {
      SIGNALS_SALT_SECRET_FILE: join(folder, 'salt'),
      SIGNALS_GATEWAY_HMAC_SECRETS_FILE: join(folder, 'gateway'),
    },
    settingFiles,
  );
  if (!loaded.ok) throw new Error(loaded.error.join());
  const log = createLog({ level: 'debug', destination: { write: (line) => lines.push(line) } });
  const distinct = createDistinctSecrets();
  const trust = openGatewayTrust(loaded.value, { distinct, log });
  const opened = openSalt(loaded.value, {
    development: { saltSecret: null },
    distinct,
    log,
    metrics: createMetrics(),
  });
  close = () => {
    trust.close();
    opened.close();
  };
  return { salt: opened, gateway: trust.trust };
}

function change(name: string, text: string): void {
  write(name, text);
  vi.advanceTimersByTime(1_000);
}

describe('secrets from files that change at run time', () => {
  it.each([
    ['empty', ''],
    ['short', 'hunter2'],
    ['one character', 'x'.repeat(64)],
    ['one pattern', 'hunter2'.repeat(8)],
    ['the secret of the other', gateway],
  ])('hash nothing any more where the salt secret becomes %s', (_, text) => {
    const { salt: opened } = open();
    expect(opened.keys()).not.toBeNull();
    change('salt', text);
    expect(opened.keys()).toBeNull();
    expect(lines.join()).toContain('secret file is not usable');
    if (text) expect(lines.join()).not.toContain(text);
    change('salt', `${salt}, and another one`);
    expect(opened.keys()).not.toBeNull();
  });

  it.each([
    ['empty', ''],
    ['a list of nothing', ','],
    ['short beside a good one', `${gateway},hunter2`],
    ['one character', 'x'.repeat(64)],
    ['a list with the secret of the other', `${gateway},${salt}`],
  ])('trust nothing any more where the gateway secret becomes %s', (_, text) => {
    const { gateway: trust } = open();
    expect(trust?.secrets()).toHaveLength(1);
    change('gateway', text);
    expect(trust?.secrets()).toEqual([]);
    change('gateway', `${gateway}, ${gateway} and another one,`);
    expect(trust?.secrets()).toHaveLength(2);
  });

  it('may serve another purpose once they were replaced', () => {
    const { salt: opened, gateway: trust } = open();
    change('salt', `${salt}, and another one`);
    change('gateway', salt);
    expect(opened.keys()).not.toBeNull();
    expect(trust?.secrets()).toHaveLength(1);
  });
});

it('a development salt secret is not that of the gateway either', () => {
  const loaded = loadConfig({ SIGNALS_GATEWAY_HMAC_SECRETS: gateway }, settingFiles);
  if (!loaded.ok) throw new Error(loaded.error.join());
  const log = createLog({ level: 'silent' });
  const distinct = createDistinctSecrets();
  close = openGatewayTrust(loaded.value, { distinct, log }).close;
  const deps = { development: { saltSecret: gateway }, distinct, log, metrics: createMetrics() };
  expect(() => openSalt(loaded.value, deps)).toThrow(ConfigurationError);
});
