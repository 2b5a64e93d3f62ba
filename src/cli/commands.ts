import type { Command } from './io.js';

interface CommandRow {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Every command of the installed program `signals`. */
export const commands: Readonly<Record<string, CommandRow>> = {
  serve: {
    summary: 'Runs the server until it is asked to stop.',
    load: async () => (await import('./serve.js')).run,
  },
  migrate: {
    summary: 'Brings the database up to date; safe when several replicas do it at once.',
    load: async () => (await import('./migrate.js')).run,
  },
  job: {
    summary: 'Runs one job once and prints its report as JSON.',
    load: async () => (await import('./job.js')).run,
  },
  schema: {
    summary: 'Prints the SDL of the subgraph.',
    load: async () => (await import('./schema.js')).run,
  },
  codegen: {
    summary: 'Writes TypeScript types for track() from a catalogue file.',
    load: async () => (await import('./codegen.js')).run,
  },
  catalog: {
    summary: 'Compares two catalogue files (catalog diff), or describes one as a page (catalog docs).',
    load: async () => (await import('./catalog.js')).run,
  },
  'leak-scan': {
    summary: 'Looks for addresses and user agents of an access log in files and folders.',
    load: async () => (await import('./leak-scan.js')).run,
  },
  token: {
    summary: 'Prints a token for development (embedded mode only).',
    load: async () => (await import('./token.js')).run,
  },
};
