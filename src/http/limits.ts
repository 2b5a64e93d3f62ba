import { costLimitPlugin } from '@escape.tech/graphql-armor-cost-limit';
import { maxAliasesPlugin } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthPlugin } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesPlugin } from '@escape.tech/graphql-armor-max-directives';
import { maxTokensPlugin } from '@escape.tech/graphql-armor-max-tokens';
import { GraphQLError, Lexer, NoSchemaIntrospectionCustomRule, Source, TokenKind } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * What a document may cost, cheapest check first. The introspection query of the common tools, 15 deep and
 * 15,600 dear, is just allowed, and only once in a document. Gateways merge the root fields of many clients'
 * operations into one by aliases, so aliases are many and honest; 15, a common default, breaks federation.
 */
export const documentLimits = {
  tokens: 4_000,
  nesting: 64,
  depth: 15,
  aliases: 250,
  directives: 50,
  cost: 20_000,
} as const;

/** The plugins of the GraphQL engine, in the order in which they look at a document. */
export function limitPlugins({ introspection }: { readonly introspection: boolean }): Plugin[] {
  const quiet = { exposeLimits: true, propagateOnRejection: true } as const;
  // A fragment costs what it would cost written out.
  const flat = { ignoreIntrospection: false, flattenFragments: true } as const;
  return [
    maxTokensPlugin({ n: documentLimits.tokens, ...quiet }) as Plugin,
    maxNestingPlugin(),
    maxDepthPlugin({ n: documentLimits.depth, ...flat, ...quiet }) as Plugin,
    maxAliasesPlugin({ n: documentLimits.aliases, allowList: [], ...quiet }) as Plugin,
    maxDirectivesPlugin({ n: documentLimits.directives, ...quiet }) as Plugin,
    costLimitPlugin({
      maxCost: documentLimits.cost,
      ...flat,
      fragmentRecursionCost: 1_000,
      ...quiet,
    }) as Plugin,
    ...(introspection ? [] : [withoutIntrospection]),
  ];
}

/**
 * Refuses brackets that stand too deep in each other before the parser sees them: it recurses, and 1,700 open
 * brackets, fewer than the tokens allowed, overflow the stack (graphql 16.15, Node 20).
 */
function maxNestingPlugin(): Plugin {
  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, options) => {
        if (nestsTooDeep(source)) {
          throw new GraphQLError(`Syntax Error: Nesting limit of ${documentLimits.nesting} exceeded`);
        }
        return parseFn(source, options);
      });
    },
  };
}

const opening: readonly TokenKind[] = [TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L];
const closing: readonly TokenKind[] = [TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R];

/** Looks at no more tokens than a document may have. Throws the lexer's own error, as the parser would. */
function nestsTooDeep(source: string | Source): boolean {
  const lexer = new Lexer(typeof source === 'string' ? new Source(source) : source);
  let depth = 0;
  for (let count = 0; count <= documentLimits.tokens; count++) {
    const { kind } = lexer.advance();
    if (kind === TokenKind.EOF) return false;
    if (opening.includes(kind)) depth++;
    else if (closing.includes(kind)) depth--;
    if (depth > documentLimits.nesting) return true;
  }
  return false;
}

const withoutIntrospection: Plugin = {
  onValidate: ({ addValidationRule }) => addValidationRule(NoSchemaIntrospectionCustomRule),
};
