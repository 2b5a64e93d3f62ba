import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { type Loopback, serve } from '../../e2e/support/loopback.js';
import { clientModules } from '../../support/client-entries.js';

/**
 * Serves the page that is measured, and answers its batches: every event is stored, at no cost worth the name.
 * The page is cross-origin isolated, because without it the clock of a page has steps of 100 µs
 * (High Resolution Time, section 8; Chromium: 5 µs with it).
 */
export async function openClientSite(root: string): Promise<Loopback> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'test', 'bench', 'client', 'page.js')],
    bundle: true,
    minify: true,
    // Function names stay, for the profile.
    minifyIdentifiers: false,
    format: 'esm',
    target: 'es2022',
    alias: Object.fromEntries(clientModules(join(root, 'packages', 'client'))),
    write: false,
    // It warns of what package.json says of side effects, which an app's bundler takes as it is.
    logLevel: 'error',
  });
  const script = outputFiles[0]?.text ?? '';
  const files: Readonly<Record<string, readonly [type: string, content: string]>> = {
    '/': [
      'text/html; charset=utf-8',
      '<!doctype html><html lang="en"><meta charset="utf-8"><title>track</title><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>',
    ],
    '/page.js': ['text/javascript; charset=utf-8', script],
  };

  return serve((incoming, outgoing) => {
    if (incoming.url === '/graphql') {
      // A page that went away in the middle of its request.
      answer(incoming, outgoing).catch(() => outgoing.destroy());
      return;
    }
    const file = files[incoming.url ?? ''];
    outgoing
      .writeHead(file ? 200 : 404, {
        'content-type': file?.[0] ?? 'text/plain',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      })
      .end(file?.[1]);
  });
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const body = JSON.parse(await text(incoming)) as {
    variables: { input: { events: readonly unknown[] } };
  };
  const accepted = { status: 'ACCEPTED', reason: null, retryAfterMs: null };
  const results = body.variables.input.events.map(() => accepted);
  outgoing
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ data: { trackEvents: { results } } }));
}
