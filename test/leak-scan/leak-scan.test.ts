import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/leak-scan.js';
import { createMultiSearch } from '../../src/leak-scan/multi-search.js';
import { collectNeedles } from '../../src/leak-scan/needles.js';
import { fakeIo, linesOf, logLine, realLog, temporaryFolder } from '../tools/replay/files.js';

const address = '1.2.3.4';
const userAgent = 'Mozilla/5.0 (Planted; "quoted" \\ back) caf\u00c3\u00a9';
const log = [
  logLine({ address, userAgent: 'Mozilla/5.0 (Planted; \\"quoted\\" \\\\ back) caf\\xc3\\xa9' }),
  logLine({ address: '2001:db8::7', userAgent: 'curl/7.1' }),
  logLine({ address: '127.0.0.1', userAgent: '-' }),
  logLine({ address: '198.51.100.9', userAgent: 'Cut off in the middle of the user agent' }).slice(0, -1),
].join('\n');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

async function scan(...paths: string[]) {
  const logFile = await folder.put('access.log', log);
  const { io, written } = fakeIo();
  const exitCode = await run([logFile, ...paths, '--json'], io);
  return { exitCode, written, report: JSON.parse(written.stdout || '{}') };
}

const leaks: [string, string | Buffer, string[]][] = [
  ['an address in a sentence', 'from 1.2.3.4.', ['address']],
  ['an address as the whole file', '1.2.3.4', ['address']],
  ['an address between NULs', Buffer.from('\0\u00011.2.3.4\0'), ['address']],
  ['an address with a port', '1.2.3.4:4008', ['address']],
  ['an IPv4-mapped address', '::ffff:1.2.3.4', ['address']],
  ['an address in JSON', '{"ip":"1.2.3.4"}', ['address']],
  ['an IPv6 address', '[2001:db8::7]', ['address']],
  ['the address of a malformed line', '198.51.100.9', ['address']],
  ['a user agent as the header had it', Buffer.from(userAgent, 'latin1'), ['user agent']],
  ['a user agent that was stored as text', Buffer.from(userAgent, 'utf8'), ['user agent']],
  ['a user agent as JSON writes it', JSON.stringify({ userAgent }), ['user agent']],
  ['a user agent as the log writes it', log.split('\n')[0]?.slice(60) ?? '', ['user agent']],
  ['the user agent of a malformed line', 'x Cut off in the middle of the user agent y', ['user agent']],
  ['both', `1.2.3.4 ${userAgent}`, ['address', 'user agent']],
  ['an address in a packed file', gzipSync('1.2.3.4'), ['address']],
  ['an address behind ten megabytes', `${'x'.repeat(10_000_000)} 1.2.3.4`, ['address']],
];

describe('a leak', () => {
  it.each(leaks)('%s is found, and not shown', async (_, content, kinds) => {
    const file = await folder.put('store', content);
    const { exitCode, report, written } = await scan(file);
    expect(exitCode).toBe(1);
    expect(report.findings).toEqual(kinds.map((kind) => ({ file, kind })));
    expect(written.stdout + written.stderr).not.toMatch(/1\.2\.3\.4|2001:db8|198\.51|Planted|Cut off/);
  });

  it('is found in a folder of folders', async () => {
    await mkdir(join(folder.path, 'data/base'), { recursive: true });
    const file = await folder.put('data/base/16384', 'page \0 1.2.3.4');
    await folder.put('data/clean', 'nothing');
    const { exitCode, report } = await scan(join(folder.path, 'data'));
    expect(exitCode).toBe(1);
    expect(report).toMatchObject({ filesScanned: 2, findings: [{ file, kind: 'address' }] });
  });
});

describe('no leak', () => {
  it.each([
    ['a longer address', '11.2.3.4 1.2.3.45 11.2.3.45 1.2.3.4.5 9.1.2.3.4'],
    ['a short user agent', 'curl/7.1'],
    ['part of a user agent', 'Mozilla/5.0 (Planted; "quoted"'],
    ['the loopback address', 'listening on 127.0.0.1'],
    ['another IPv6 address', '2001:db8::7f a2001:db8::7'],
    ['nothing at all', ''],
  ])('%s is let be', async (_, content) => {
    const { exitCode, report } = await scan(await folder.put('store', content));
    expect(report.findings).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it('says what it looked for and where', async () => {
    const { report } = await scan(await folder.put('store', 'x'.repeat(1_000)));
    expect(report).toMatchObject({
      addresses: 3,
      userAgents: 2,
      tooShort: 1,
      filesScanned: 1,
      bytesScanned: 1_000,
    });
  });
});

describe('a scan that proves nothing has exit code 2', () => {
  it('when a path is not there', async () => {
    const { exitCode, report } = await scan(join(folder.path, 'nowhere'));
    expect(exitCode).toBe(2);
    expect(report.unreadable).toHaveLength(1);
  });

  it('when there is no file', async () => {
    await mkdir(join(folder.path, 'empty'));
    await symlink('/etc/passwd', join(folder.path, 'empty/link'));
    expect((await scan(join(folder.path, 'empty'))).exitCode).toBe(2);
  });

  it.each([
    ['has no address', 'nonsense\n'],
    ['is empty', ''],
  ])('when the log %s', async (_, content) => {
    const { io } = fakeIo();
    expect(await run([await folder.put('log', content), folder.path], io)).toBe(2);
  });

  it('when the log is not there, or nothing is named', async () => {
    const { io, written } = fakeIo();
    expect(await run([join(folder.path, 'nowhere'), folder.path], io)).toBe(2);
    expect(await run([folder.path], io)).toBe(2);
    expect(await run(['--nonsense'], io)).toBe(2);
    expect(written.stdout).toBe('');
  });
});

it('finds exactly what a search of the whole text finds, however the bytes are cut', async () => {
  const needles = await collectNeedles(
    linesOf(
      logLine({ address: '1.2.3.4', userAgent: 'abcabcabcabcabcabcabc' }),
      logLine({ address: '2.3.4.12', userAgent: '-' }),
    ),
  );
  const search = createMultiSearch(needles.list);
  const unit = fc.constantFrom(
    '1.2.3.4',
    '2.3.4.12',
    '1',
    '.',
    ' ',
    '2.3',
    '.4',
    'abcabcabcabcabcabcabc',
    'abc',
  );
  fc.assert(
    fc.property(
      fc.array(unit, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
      (units, sizes) => {
        const text = units.join('');
        const stream = search.start();
        let at = 0;
        for (let turn = 0; at < text.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          stream.push(Buffer.from(text.slice(at, at + size)));
          at += size;
        }
        stream.end();
        const hasAddress = /(?<!\d)(?<!\d\.)(?:1\.2\.3\.4|2\.3\.4\.12)(?!\d)(?!\.\d)/.test(text);
        expect(stream.found().has('address')).toBe(hasAddress);
        expect(stream.found().has('user agent')).toBe(text.includes('abcabcabcabcabcabcabc'));
      },
    ),
    { numRuns: 2_000 },
  );
});

describe('the log of 10,000 real requests', () => {
  const real = realLog();
  if (real === null) {
    it('is not beside the repository, so nothing of it was looked for', () => {
      console.warn('leak-scan: the real access log is not there, so nothing of it was looked for');
      expect(real).toBeNull();
    });
    return;
  }

  it('is full of itself, and a file of noise is clean of it', async () => {
    const noise = await folder.put(
      'noise',
      Buffer.from(Array.from({ length: 200_000 }, (_, index) => `${index}.5 Mozilla/5.0 (`).join('')),
    );
    const { io, written } = fakeIo();
    expect(await run([real, noise, '--json'], io)).toBe(0);
    expect(JSON.parse(written.stdout)).toMatchObject({ addresses: 1_753, findings: [] });
    expect(await run([real, real], io)).toBe(1);
    expect(written.stdout).toMatch(/FOUND {7}an address in .*\nFOUND {7}an entire user agent in /);
  });
});
