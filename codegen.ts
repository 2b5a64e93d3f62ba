import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents for tests and tools, from the committed SDL: never from server code. */
const config: CodegenConfig = {
  schema: ['schema.graphql', 'test/support/federation-directives.graphql'],
  documents: ['test/**/*.graphql'],
  ignoreNoDocuments: false,
  generates: {
    'src/generated/documents.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        scalars: { DateTime: 'string', JSON: 'unknown' },
        useTypeImports: true,
      },
    },
  },
};

export default config;
