import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createDigestCache } from '../domain/privacy/identity/digest-cache.js';
import type { GraphQLContext } from '../graphql/context.js';
import { isSignedIn } from './admission.js';
import { createDataSearch } from './document-data.js';

/** Bytes of what is known of texts that are valid: a digest each, which takes two hundred with its place in the map. */
const knownBytes = 1_048_576;
const bytesOfDigest = 200;
/**
 * Bytes of the documents that are kept parsed. Trees of names of one letter are the largest, with 200 bytes a
 * character; usual ones take a tenth of that.
 */
const parsedBytes = 52_428_800;
const bytesOfCharacter = 200;

/**
 * Remembers which documents were valid and within the limits, by keyed digests of their texts, so that both are
 * found out once. A document that holds nothing but names is kept parsed as well: a new tree for each request would
 * be unknown to the executor's own caches, and about double what the engine spends on it. One with a literal or a
 * comment can hold personal data, so it is parsed anew each time. What does not parse or is not valid leaves
 * nothing behind, not even its error; nor does what an anonymous caller sends, who could push out the documents of
 * others. Both caches are bounded in bytes.
 *
 * One schema and one set of rules per engine: what was valid stays valid. Answers are the same with and without
 * the cache, locations of errors included.
 */
export function documentCachePlugin(schema: GraphQLSchema): Plugin<GraphQLContext> {
  const valid = createDigestCache<true>({ capacity: knownBytes });
  const parsed = createDigestCache<DocumentNode>({ capacity: parsedBytes });
  const holdsData = createDataSearch(schema);
  /** Documents that need no validation, and texts of those that do; both are gone with the request. */
  const passed = new WeakSet<DocumentNode>();
  const texts = new WeakMap<DocumentNode, string>();

  function keep(text: string, document: DocumentNode): void {
    valid.set(text, true, bytesOfDigest);
    if (holdsData(document)) return;
    // A copy that is no part of any request. Names in the tree are slices of it.
    const copy = parse(Buffer.from(text, 'utf8').toString('utf8'));
    parsed.set(text, copy, bytesOfDigest + bytesOfCharacter * text.length);
  }

  return {
    onParse({ context, params: { source }, setParsedDocument }) {
      const text = typeof source === 'string' ? source : source.body;
      const known = parsed.get(text) ?? (valid.get(text) ? parse(text) : undefined);
      if (known) {
        passed.add(known);
        setParsedDocument(known);
        return undefined;
      }
      if (!isSignedIn(context.identity)) return undefined;
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
