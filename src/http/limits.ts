import { costLimitPlugin } from '@escape.tech/graphql-armor-cost-limit';
import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesPlugin } from '@escape.tech/graphql-armor-max-directives';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection';
import type { Plugin } from 'graphql-yoga';

/**
 * What a document may cost, cheapest check first. Gateways merge the root fields of many clients' operations
 * into one by aliases, so aliases are many and honest; 15, a common default, breaks federation.
 */
export const documentLimits = {
  tokens: 4_000,
  depth: 12,
  aliases: 250,
  directives: 50,
  cost: 20_000,
} as const;

/** The plugins of the GraphQL engine, in the order in which they look at a document. */
export function limitPlugins({ introspection }: { readonly introspection: boolean }): Plugin[] {
  const quiet = { exposeLimits: true, propagateOnRejection: true } as const;
  return [
    maxTokensPlugin({ n: documentLimits.tokens, ...quiet }) as Plugin,
    maxDepthPlugin({ n: documentLimits.depth, ignoreIntrospection: false, ...quiet }) as Plugin,
    maxAliasesPlugin({ n: documentLimits.aliases, allowList: [], ...quiet }) as Plugin,
    maxDirectivesPlugin({ n: documentLimits.directives, ...quiet }) as Plugin,
    costLimitPlugin({
      maxCost: documentLimits.cost,
      ignoreIntrospection: false,
      fragmentRecursionCost: 1_000,
      ...quiet,
    }) as Plugin,
    ...(introspection ? [] : [useDisableIntrospection() as Plugin]),
  ];
}
