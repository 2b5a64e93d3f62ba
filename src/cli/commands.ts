import type { Command } from './io.js';

interface CommandRow {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Every command: `npm run <name>` here, `node dist/cli.js <name>` where only the built package is. */
export const commands: Readonly<Record<string, CommandRow>> = {
  migrate: {
    summary: 'Applies prisma/migrations to DATABASE_URL; safe when several replicas do it at once.',
    load: async () => (await import('./migrate.js')).run,
  },
  job: {
    summary: 'Runs one job once and prints its report as JSON.',
    load: async () => (await import('./job.js')).run,
  },
  token: {
    summary: 'Prints a development token (embedded mode only).',
    load: async () => (await import('./token.js')).run,
  },
  'leak-scan': {
    summary: 'Looks for addresses and user agents of an access log in files and folders.',
    load: async () => (await import('./leak-scan.js')).run,
  },
  codegen: {
    summary: 'Writes TypeScript types for track() from a catalogue file.',
    load: async () => (await import('./codegen.js')).run,
  },
  catalog: {
    summary: 'Names what has changed between two catalogue files: catalog diff OLD NEW.',
    load: async () => (await import('./catalog.js')).run,
  },
  'catalogue-docs': {
    summary: 'Writes docs/catalogue.md from the catalogue file.',
    load: async () => (await import('./catalogue-docs.js')).run,
  },
  schema: {
    summary: 'Prints the SDL of the subgraph.',
    load: async () => (await import('./schema.js')).run,
  },
};
