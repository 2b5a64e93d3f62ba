import { describe, expect, it } from 'vitest';
import { otherWord } from '../../../src/contract/index.js';
import { dimensionKey } from '../../../src/domain/dimension-key.js';
import { browser, createPipeline, pageViewed, person } from '../../support/pipeline.js';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0';

type Pipeline = ReturnType<typeof createPipeline>;

/** How many rows of words the events need that are stored. */
const combinations = (pipeline: Pipeline): number =>
  new Set(pipeline.rows().map(({ dimensions }) => dimensionKey(dimensions))).size;

/** So many events, each with words of its own. */
const invented = (count: number, of: (index: number) => object) =>
  Array.from({ length: count }, (_, index) => pageViewed(of(index)));

const route = (index: number) => ({ route: `/r/${'abcdefghij'[index % 10]}${letters(index)}` });
/** A number in letters: a route replaces what looks like an id. */
function letters(number: number): string {
  return [...String(number)].map((digit) => 'qwertyuiop'[Number(digit)]).join('');
}

describe('beyond 200 new combinations in an hour', () => {
  it.each([
    ['routes', route],
    ['versions', (index: number) => ({ appVersion: `1.0.${index}` })],
    ['sources', (index: number) => ({ source: `source-${index}` })],
    ['all of them', (index: number) => ({ ...route(index), appVersion: `${index}`, source: `s${index}` })],
  ])('2,000 events with invented %s live, and make 201 rows of words', async (_name, words) => {
    const pipeline = createPipeline();
    expect(await pipeline.batch(invented(2_000, words))).toMatchObject({ accepted: 2_000 });
    expect(combinations(pipeline)).toBe(201);
  });

  it('route and version are (other), what was not sent stays null, and the rest is as it was sent', async () => {
    const pipeline = createPipeline();
    await pipeline.batch(invented(200, route));
    const events = [
      pageViewed({ ...route(500), appVersion: '9.9.9', source: 'web' }),
      pageViewed({ ...route(501), source: 'made-up' }),
      pageViewed({ appVersion: '9.9.9' }),
    ];
    for (const event of events) expect((await pipeline.one(event)).status).toBe('ACCEPTED');
    const words = pipeline.rows().slice(200);
    expect(words.map(({ dimensions: { route, appVersion, source } }) => [route, appVersion, source])).toEqual(
      [
        [otherWord, otherWord, 'web'],
        [otherWord, null, otherWord],
        [null, otherWord, null],
      ],
    );
    expect(words[0]?.dimensions).toMatchObject({ appName: 'web', browserFamily: 'Chrome' });
    expect(pipeline.counts.filter((count) => count.startsWith('other'))).toEqual([
      'other web page_viewed route',
      'other web page_viewed appVersion',
      'other web page_viewed route',
      'other web page_viewed source',
      'other web page_viewed appVersion',
    ]);
  });

  it('words that somebody has stored stay what they are, and so do those of everybody else', async () => {
    const pipeline = createPipeline();
    const known = { route: '/known', appVersion: '1.0.0' };
    await pipeline.one(pageViewed(known), { author: { ...person, subject: 'user-2' } });
    await pipeline.batch(invented(300, route));
    await pipeline.one(pageViewed(known));
    await pipeline.one(pageViewed(route(900)), { author: { ...person, subject: 'user-2' } });
    const last = pipeline.rows().slice(-2);
    expect(last.map(({ dimensions }) => dimensions.route)).toEqual(['/known', route(900).route]);
  });

  it('another browser does not begin anew, and a new hour does', async () => {
    const pipeline = createPipeline();
    await pipeline.batch(invented(300, route));
    await pipeline.one(pageViewed(route(901)), { origin: { ...browser, userAgent: firefox } });
    pipeline.time.now = new Date(pipeline.time.now.getTime() + 3_600_000);
    await pipeline.one(pageViewed(route(902)));
    const last = pipeline.rows().slice(-2);
    expect(last.map(({ dimensions }) => dimensions.route)).toEqual([otherWord, route(902).route]);
  });

  it.each([
    ['servers', { isService: true }],
    ['importers', { mayBackfill: true }],
  ])('%s are not bounded', async (_name, role) => {
    const pipeline = createPipeline();
    await pipeline.batch(invented(300, route), { author: { ...person, ...role } });
    expect(combinations(pipeline)).toBe(300);
    expect(pipeline.counts.filter((count) => count.startsWith('other'))).toEqual([]);
  });

  it('what was refused or sent twice costs nothing', async () => {
    const pipeline = createPipeline();
    await pipeline.batch(invented(300, (index) => ({ ...route(index), seq: -1 })));
    const events = invented(200, route);
    await pipeline.batch(events);
    await pipeline.batch(events);
    expect(combinations(pipeline)).toBe(200);
    expect(pipeline.counts.filter((count) => count.startsWith('other'))).toEqual([]);
  });

  it('no client can send the word itself', async () => {
    const pipeline = createPipeline();
    for (const event of [{ route: otherWord }, { appVersion: otherWord }, { source: otherWord }])
      expect((await pipeline.one(pageViewed(event))).status).toBe('REJECTED');
  });
});
