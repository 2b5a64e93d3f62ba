import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child.js';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** Starts one of `services/`, with this environment and no other. */
export function startService(name: string, env: Readonly<Record<string, string>>): Child {
  return startChild({ name, args: [join(folder, 'services', `${name}.mjs`)], cwd: folder, env });
}

/** The base URL that a service prints when it is ready. */
export async function urlOf(child: Child): Promise<string> {
  const [, url = ''] = await child.wrote(/(http:\/\/127\.0\.0\.1:\d+)/);
  return url;
}
