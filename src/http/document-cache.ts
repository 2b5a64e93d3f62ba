import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createDigestCache } from '../domain/privacy/identity/digest-cache.js';
import { createDataSearch } from './document-data.js';

/** Texts that are known to be valid; an entry is about a hundred bytes. */
const maxKnown = 5_000;
/**
 * Characters of the documents that are kept parsed, with something for each document. Trees of names of one letter
 * are the largest, with 200 bytes a character: 50 MB together. Usual ones take a tenth of that.
 */
const maxParsed = 262_144;
const weightOfEach = 512;

/**
 * Remembers which documents were valid and within the limits, by keyed digests of their texts, so that both are
 * found out once. A document that holds nothing but names is kept parsed as well: a new tree for each request would
 * be unknown to the executor's own caches, and about double what the engine spends on it. One with a literal or a
 * comment can hold personal data, so it is parsed anew each time. What does not parse or is not valid leaves
 * nothing behind, not even its error.
 *
 * One schema and one set of rules per engine: what was valid stays valid. Answers are the same with and without
 * the cache, locations of errors included.
 */
export function documentCachePlugin(schema: GraphQLSchema): Plugin {
  const valid = createDigestCache<true>({ capacity: maxKnown });
  const parsed = createDigestCache<DocumentNode>({ capacity: maxParsed });
  const holdsData = createDataSearch(schema);
  /** Documents that need no validation, and texts of those that do; both are gone with the request. */
  const passed = new WeakSet<DocumentNode>();
  const texts = new WeakMap<DocumentNode, string>();

  function keep(text: string, document: DocumentNode): void {
    valid.set(text, true);
    if (holdsData(document)) return;
    // A copy that is no part of any request. Names in the tree are slices of it.
    parsed.set(text, parse(Buffer.from(text, 'utf8').toString('utf8')), weightOfEach + text.length);
  }

  return {
    onParse({ params: { source }, setParsedDocument }) {
      const text = typeof source === 'string' ? source : source.body;
      const known = parsed.get(text) ?? (valid.get(text) ? parse(text) : undefined);
      if (known) {
        passed.add(known);
        setParsedDocument(known);
        return;
      }
      return ({ result }) => {
        if (result !== null && !(result instanceof Error)) texts.set(result, text);
      };
    },
    onValidate({ params: { documentAST }, setResult }) {
      if (passed.has(documentAST)) {
        setResult([]);
        return;
      }
      return ({ valid: isValid }) => {
        const text = texts.get(documentAST);
        if (isValid && text !== undefined) keep(text, documentAST);
      };
    },
  };
}
