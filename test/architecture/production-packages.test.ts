import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly dev?: boolean;
}

const lockfile: { packages: Record<string, Locked> } = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
);

describe('what npm installs in production', () => {
  // An optional peer of a dependency counts as one of production as soon as we use it for development.
  const installed = Object.entries(lockfile.packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));

  it('contains what the server needs', () => {
    expect(installed).toEqual(expect.arrayContaining(['graphql', 'pg', '@prisma/schema-engine-wasm']));
  });

  it.each(['prisma', '@prisma/client', '@prisma/studio-core', 'effect', 'typescript', 'react', 'react-dom'])(
    'does not contain %s',
    (name) => expect(installed).not.toContain(name),
  );
});
