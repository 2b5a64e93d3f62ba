import { describe, expect, it } from 'vitest';
import { composeSupergraph, subgraphSdl } from '../support/compose.js';

const urls = { signals: 'http://signals.internal/graphql', calendar: 'http://calendar.internal/graphql' };

/** What the composer says before any gateway runs. */
export function compositionScenarios(): void {
  describe('the supergraph', () => {
    it('composes although the neighbour has its own Event, PageInfo, JSON and node', () => {
      const supergraph = composeSupergraph(urls);
      for (const own of ['type Event ', 'type PageInfo', 'scalar JSON', 'node(id: ID!)'])
        expect(subgraphSdl.calendar, own).toContain(own);
      expect(supergraph).toMatch(/type Event[^{]*@join__type\(graph: CALENDAR[^{]*\{/);
      expect(supergraph).not.toMatch(/type Event\b[^{]*SIGNALS/);
      expect(supergraph).toMatch(
        /type PageInfo[^{]*CALENDAR[^{]*SIGNALS|type PageInfo[^{]*SIGNALS[^{]*CALENDAR/,
      );
    });

    it('has one AnalyticsEvent with fields of both subgraphs', () => {
      const type = /type AnalyticsEvent[^{]*\{[^}]*\}/.exec(composeSupergraph(urls))?.[0];
      expect(type).toMatch(/userHash: ID[^\n]*SIGNALS/);
      expect(type).toMatch(/note: String[^\n]*CALENDAR/);
    });
  });
}
