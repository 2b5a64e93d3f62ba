import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Each subpath that the package in `folder` exports, with the file that stands for it. */
export function entryFiles(folder: string): ReadonlyMap<string, string> {
  const { exports = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    exports?: Readonly<Record<string, string | { readonly default: string }>>;
  };
  return new Map(
    Object.entries(exports).map(([subpath, target]) => [
      subpath,
      join(folder, typeof target === 'string' ? target : target.default),
    ]),
  );
}

/**
 * What an application may import of the client package in `folder`, with the files that it gets: for bundlers, because
 * the package is not installed in the repository that it is made in.
 */
export function clientModules(folder: string): ReadonlyMap<string, string> {
  return new Map(
    [...entryFiles(folder)].map(([subpath, file]) => [`signals-client${subpath.slice(1)}`, file]),
  );
}
