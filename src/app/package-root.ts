import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of this package, from the source tree and from dist/ alike: where migrations and the example
 * catalogue lie. Throws when the package was taken apart.
 */
export function packageRoot(from: string = import.meta.url): string {
  let folder = dirname(fileURLToPath(from));
  while (!existsSync(join(folder, 'prisma', 'schema.prisma'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the package is incomplete: prisma/schema.prisma is missing');
    folder = parent;
  }
  return folder;
}
