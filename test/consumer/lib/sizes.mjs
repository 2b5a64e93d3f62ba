import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The bytes of all files below a folder. What a file system rounds up to is not counted. */
export function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + lstatSync(join(entry.parentPath, entry.name)).size, 0);
}

/** Where npm has put the packages that it installed, from the folder of the application. */
export function installedPackages(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8'));
  return Object.keys(packages);
}

export function kilobytes(bytes) {
  return `${Math.ceil(bytes / 1000).toLocaleString('en-GB')} kB`;
}
