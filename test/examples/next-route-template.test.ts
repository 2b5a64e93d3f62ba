import { describe, expect, it } from 'vitest';
import { routeTemplate } from '../../examples/next/analytics/route-template.js';

describe('the route template of the Next.js example', () => {
  it.each([
    ['/', {}, '/'],
    ['/journeys', {}, '/journeys'],
    ['/journeys/42', { id: '42' }, '/journeys/[id]'],
    ['/journeys/42/edit', { id: '42' }, '/journeys/[id]/edit'],
    ['/teams/7/journeys/42', { team: '7', id: '42' }, '/teams/[team]/journeys/[id]'],
    ['/teams/7/journeys/7', { team: '7', id: '7' }, '/teams/[team]/journeys/[id]'],
    ['/docs/a/b', { path: ['a', 'b'] }, '/docs/[...path]'],
    ['/docs', { path: undefined }, '/docs'],
  ])('calls %s by its folder', (pathname, params, template) => {
    expect(routeTemplate(pathname, params)).toBe(template);
  });

  it('takes the last of two segments with the same text for the parameter', () => {
    expect(routeTemplate('/journeys/journeys', { id: 'journeys' })).toBe('/journeys/[id]');
  });

  it('knows a value that is escaped in the address, whether or not the parameter is', () => {
    expect(routeTemplate('/tags/a%20b', { tag: 'a b' })).toBe('/tags/[tag]');
    expect(routeTemplate('/tags/a%20b', { tag: 'a%20b' })).toBe('/tags/[tag]');
  });

  it('says nothing rather than the filled-in path when a value is not in the address', () => {
    expect(routeTemplate('/my-journey', { id: '42' })).toBeNull();
  });
});
