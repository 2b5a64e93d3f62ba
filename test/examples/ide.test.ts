import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTracker, type TrackerStats } from '../../src/node-client/index.js';
import type { OpenedStore } from '../../src/store/open-store.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { openTestStore } from '../support/database.js';

interface Cli {
  run(deps: {
    readonly createTracker: typeof createTracker;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly stdin: Readable;
    readonly print: (text: string) => void;
    readonly printError: (text: string) => void;
  }): Promise<number>;
}

const cliUrl = new URL('../../examples/ide/cli.mjs', import.meta.url).href;

describe('the example of an editor extension, on a real Signals', () => {
  let opened: OpenedStore;
  let app: TestApp;
  let cli: Cli;
  let token: string;
  beforeAll(async () => {
    opened = await openTestStore();
    app = await createTestApp({ store: opened });
    cli = await import(cliUrl);
    token = await app.token('ide-extension', 'service');
  });
  afterAll(async () => {
    await app.close();
    await opened.store.close();
  });
  beforeEach(() => opened.prisma.event.deleteMany());

  async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, input = '') {
    let [out, err] = ['', ''];
    const exitCode = await cli.run({
      createTracker,
      args,
      env,
      stdin: Readable.from([input]),
      print: (text) => {
        out += text;
      },
      printError: (text) => {
        err += text;
      },
    });
    return { exitCode, out, err };
  }

  const settings = () => ({ SIGNALS_ENDPOINT: app.url, SIGNALS_TOKEN: token });
  const statsIn = (out: string) => JSON.parse(out) as TrackerStats & { readonly unreadable: number };

  async function rows() {
    const found = await opened.prisma.event.findMany({
      include: { dimensions: true },
      orderBy: { occurredAt: 'asc' },
    });
    return found.map(({ dimensions, entityId, userHash, properties }) => ({
      eventType: dimensions.eventType,
      appName: dimensions.appName,
      source: dimensions.source,
      entity: `${dimensions.entityType} ${entityId}`,
      userHash,
      properties,
    }));
  }

  it('sends the sample session: every kind of event, on its pull request, without a visitor', async () => {
    const { exitCode, out, err } = await run(['--pull-request', 'octo-org/demo#7'], settings());
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(statsIn(out)).toMatchObject({ tracked: 8, accepted: 8, sent: 8, dropped: {}, unreadable: 0 });
    const stored = await rows();
    expect(stored.map(({ eventType }) => eventType)).toEqual([
      'pr_edit',
      'pr_edit',
      'pr_command',
      'pr_edit',
      'pr_test',
      'pr_annotation',
      'pr_test',
      'pr_commit',
    ]);
    for (const row of stored) {
      expect(row).toMatchObject({
        appName: 'ide',
        source: 'ide',
        entity: 'pull_request octo-org/demo#7',
        userHash: null,
      });
    }
    expect(stored[2]?.properties).toEqual({ command: 'npm', exitCode: 1, durationMs: 2105 });
    expect(stored[5]?.properties).toEqual({ length: 14 });
  });

  it('sends a session from standard input, and stores neither arguments nor texts', async () => {
    const session = [
      { did: 'ran', argv: ['C:\\tools\\deploy.exe', '--password', 'hunter2'], exitCode: -1 },
      { did: 'annotated', text: 'a secret thought' },
    ];
    const input = session.map((step) => JSON.stringify(step)).join('\n');
    const { exitCode } = await run(['--session', '-'], settings(), input);
    expect(exitCode).toBe(0);
    const stored = await rows();
    expect(stored.map(({ properties }) => properties)).toEqual(
      expect.arrayContaining([{ command: 'deploy.exe', exitCode: 4_294_967_295 }, { length: 16 }]),
    );
    expect(JSON.stringify(stored)).not.toMatch(/hunter2|secret|tools/);
  });

  it('exits with 1 when something was refused, and sends the rest', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signals-ide-'));
    const file = join(folder, 'work.ndjson');
    const lines = [
      '{"did": "edited", "file": "/home/anna/secret.ts", "insertions": 1, "deletions": 0}',
      '{"did": "edited", "file": "src/a.ts", "insertions": 1, "deletions": 0}',
    ];
    await writeFile(file, `${lines.join('\n')}\n`);
    const { exitCode, out } = await run(['--session', file], settings());
    await rm(folder, { recursive: true });
    expect(exitCode).toBe(1);
    expect(statsIn(out)).toMatchObject({ tracked: 2, accepted: 1, dropped: { INVALID_PROPERTIES: 1 } });
  });

  it.each(['{', 'null', '{"did": "slept"}', '{"did": "ran"}'])(
    'exits with 1 on a step that cannot be read: %s',
    async (line) => {
      const { exitCode, out } = await run(['--session', '-'], settings(), line);
      expect({ exitCode, ...statsIn(out) }).toMatchObject({ exitCode: 1, tracked: 0, unreadable: 1 });
    },
  );

  it('exits with 1 when the token is not taken', async () => {
    const { exitCode, out } = await run(['--endpoint', app.url, '--token', 'wrong']);
    expect(exitCode).toBe(1);
    expect(statsIn(out)).toMatchObject({ accepted: 0, dropped: { UNAUTHENTICATED: 8 } });
  });

  it.each([
    [[], /SIGNALS_TOKEN/],
    [['--token', 't', '--endpoint', 'nowhere'], /endpoint must be/],
    [['--token', 't', '--colour'], /--colour/],
    [['--token', 't', '--session', 'no-such-file.ndjson'], /ENOENT/],
  ])('exits with 2 when it cannot start: %j', async (args, message) => {
    const { exitCode, out, err } = await run(args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toMatch(message);
  });

  it('explains itself', async () => {
    const { exitCode, out } = await run(['--help']);
    expect(exitCode).toBe(0);
    for (const option of ['--endpoint', '--token', '--pull-request', '--session'])
      expect(out).toContain(option);
  });
});
