import crawlers from 'crawler-user-agents';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { botFamilies, botFamily, isBot } from '../../../../src/domain/privacy/user-agent/bots.js';

const known = crawlers.flatMap((crawler) => crawler.instances);

describe('isBot', () => {
  test('finds at least 99 % of the crawlers that are listed publicly', () => {
    const share = known.filter(isBot).length / known.length;
    console.info(`bots found: ${(share * 100).toFixed(2)} % of ${known.length}`);
    expect(known.length).toBeGreaterThan(2_000);
    expect(share).toBeGreaterThanOrEqual(0.99);
  });

  test.each([
    'curl/8.5.0',
    'python-requests/2.32.3',
    'Wget/1.21',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36',
  ])('%s is one', (userAgent) => {
    expect(isBot(userAgent)).toBe(true);
  });

  test.each([
    null,
    '',
    ' ',
    'Mozilla/5.0 (Linux; Android 10; CUBOT X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0.4664.92 Mobile Safari/537.36',
  ])('%j is none', (userAgent) => {
    expect(isBot(userAgent)).toBe(false);
  });
});

describe('botFamily', () => {
  test.each([
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Googlebot'],
    ['Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', 'bingbot'],
    [
      'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
      'OpenAI',
    ],
    ['facebookexternalhit/1.1', 'Meta'],
    ['curl/8.5.0', 'command line'],
    ['python-requests/2.32.3', 'HTTP library'],
    ['Tiny Tiny RSS/1.11 (http://tt-rss.org/)', 'feed reader'],
    ['MyOwnBot/1.0', 'other self-declared'],
    ['Mozilla/4.0 (compatible;)', 'other'],
    ['', 'other'],
  ])('%j belongs to %s', (userAgent, family) => {
    expect(botFamily(userAgent)).toBe(family);
  });

  test('answers a word of a closed list, whatever is sent', () => {
    expect(new Set(known.map(botFamily)).size).toBe(botFamilies.length);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (userAgent) => {
        expect(botFamilies).toContain(botFamily(userAgent));
      }),
    );
  });
});
