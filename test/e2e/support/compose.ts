import { readFileSync } from 'node:fs';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The SDL of the subgraphs, as their owners publish it. */
export const subgraphSdl = {
  signals: read('../../../schema.graphql'),
  calendar: read('../services/calendar.graphql'),
} as const;

export type SubgraphUrls = Readonly<Record<keyof typeof subgraphSdl, string>>;

/** The supergraph of both, by the MIT-licensed composer. Throws with every composition error. */
export function composeSupergraph(urls: SubgraphUrls): string {
  const result = composeServices(
    Object.entries(subgraphSdl).map(([name, sdl]) => ({
      name,
      url: urls[name as keyof SubgraphUrls],
      typeDefs: parse(sdl),
    })),
  );
  if (!result.supergraphSdl) throw new Error(result.errors?.map(({ message }) => message).join('\n'));
  return result.supergraphSdl;
}
