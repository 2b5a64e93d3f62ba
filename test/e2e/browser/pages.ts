import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { clientModules } from '../../support/client-entries.js';

const folder = fileURLToPath(new URL('./pages', import.meta.url));
const client = fileURLToPath(new URL('../../../packages/client', import.meta.url));

export interface ServedFile {
  readonly type: string;
  readonly content: string | Uint8Array;
}

/** What a site serves, by path. */
export type Pages = ReadonlyMap<string, ServedFile>;

const html = (title: string, script?: string): ServedFile => ({
  type: 'text/html; charset=utf-8',
  content: `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>
<link rel="icon" href="data:,"><body><div id="root"></div>${
    script === undefined ? '' : `<script type="module" src="${script}"></script>`
  }`,
});

/**
 * Bundles the pages as an app would, from what the client package gives to apps: the files that `exports` of its
 * package.json names, which `npm run build` has made.
 */
export async function bundlePages(): Promise<Pages> {
  const common = {
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    write: false,
    logLevel: 'warning',
    outdir: '/',
    absWorkingDir: folder,
    define: { 'process.env.NODE_ENV': '"development"' },
    loader: { '.ttf': 'dataurl' },
  } as const;
  const [plain, react18] = await Promise.all([
    build({
      ...common,
      entryPoints: [
        ...['host.js', 'apollo.js', 'urql.js', 'editor.js', 'react.jsx'],
        { in: 'monaco-editor/editor/editor.worker.js', out: 'editor.worker' },
      ],
      plugins: [asInstalled({})],
    }),
    build({
      ...common,
      entryPoints: [{ in: 'react.jsx', out: 'react-18' }],
      plugins: [asInstalled({ react: 'react-18', 'react-dom': 'react-dom-18' })],
    }),
  ]);
  const pages = new Map<string, ServedFile>();
  for (const { path, contents } of [...plain.outputFiles, ...react18.outputFiles])
    pages.set(path, { type: path.endsWith('.css') ? 'text/css' : 'text/javascript', content: contents });
  for (const name of ['host', 'apollo', 'urql', 'editor', 'react', 'react-18'])
    pages.set(`/${name}`, html(name, `/${name}.js`));
  return pages.set('/elsewhere', html('elsewhere'));
}

/**
 * What the client needs comes from where the app's own packages are: of everything there is one copy, as in an app.
 * `instead` gives packages another name for everybody.
 */
function asInstalled(instead: Readonly<Record<string, string>>): Plugin {
  const ours = clientModules(client);
  const dist = join(client, 'dist');
  const resolved = Symbol('resolved');
  return {
    name: 'as installed',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /^[^./]/ }, ({ path, importer, kind, pluginData }) => {
        const own = ours.get(path);
        if (own !== undefined) return { path: own };
        const [name = ''] = /^(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];
        const other = instead[name];
        if (pluginData === resolved || (other === undefined && !importer.startsWith(dist))) return undefined;
        const wanted = other === undefined ? path : `${other}${path.slice(name.length)}`;
        return resolve(wanted, { kind, resolveDir: folder, pluginData: resolved });
      });
    },
  };
}
