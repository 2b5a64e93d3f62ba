import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly engines: object;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly peerDependencies?: object;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const text = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const manifest = async (path: string): Promise<Manifest> => JSON.parse(await text(path));

const server = await manifest('package.json');
const client = await manifest('packages/client/package.json');

describe('the two packages', () => {
  it('have one version, and ask for the same Node', () => {
    expect(client.version).toBe(server.version);
    expect(client.engines).toEqual(server.engines);
  });

  it('have one licence, and its text', async () => {
    expect(client.license).toBe(server.license);
    expect(await text('packages/client/LICENSE')).toBe(await text('LICENSE'));
  });
});

describe('the client', () => {
  it('depends on nothing, and every peer may be missing', () => {
    expect(client).not.toHaveProperty('dependencies');
    expect(client).not.toHaveProperty('optionalDependencies');
    const peers = Object.keys(client.peerDependencies ?? {});
    expect(peers).toEqual(['@apollo/client', 'react']);
    for (const peer of peers) expect(client.peerDependenciesMeta?.[peer]).toEqual({ optional: true });
  });

  it('has one file for its main entry and ./core', () => {
    expect(client.exports['./core']).toEqual(client.exports['.']);
  });
});

describe('the server', () => {
  it('is no library, and brings no peer', () => {
    expect(server.exports).toEqual({ './package.json': './package.json' });
    expect(server).not.toHaveProperty('peerDependencies');
  });
});
