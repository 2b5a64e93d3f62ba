import {
  BREAK,
  type DocumentNode,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  TokenKind,
  visit,
} from 'graphql';

/**
 * Makes the search that says whether a document can hold data of a request, and not only a program's own words: a
 * string, a number, a comment, or a key or word inside a JSON value that the schema does not have.
 */
export function createDataSearch(schema: GraphQLSchema): (document: DocumentNode) => boolean {
  const words = wordsOf(schema);
  return (document) => hasComment(document) || hasData(document, words);
}

function hasData(document: DocumentNode, words: ReadonlySet<string>): boolean {
  let found = false;
  const stop = (): typeof BREAK => {
    found = true;
    return BREAK;
  };
  visit(document, {
    StringValue: stop,
    IntValue: stop,
    FloatValue: stop,
    EnumValue: ({ value }) => (words.has(value) ? undefined : stop()),
    ObjectField: ({ name }) => (words.has(name.value) ? undefined : stop()),
  });
  return found;
}

/** Comments are tokens, and no nodes. Without tokens nobody can say that there was none. */
function hasComment({ loc }: DocumentNode): boolean {
  if (!loc) return true;
  for (let token = loc.startToken.next; token; token = token.next) {
    if (token.kind === TokenKind.COMMENT) return true;
  }
  return false;
}

/** Fields of inputs and values of enums. */
function wordsOf(schema: GraphQLSchema): ReadonlySet<string> {
  return new Set(
    Object.values(schema.getTypeMap()).flatMap((type) => {
      if (isInputObjectType(type)) return Object.keys(type.getFields());
      return isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
    }),
  );
}
