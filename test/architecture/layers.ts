import { cruise, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';

/**
 * Who may import whom. A folder may import itself, what is listed in `own`, and the packages and Node modules in
 * `npm`; nothing else. The longest folder that holds a file decides. A new folder must be added here: a test fails
 * until it is.
 */
export interface Layer {
  readonly own: readonly string[];
  readonly npm: readonly string[];
}

const node = {
  files: ['fs', 'fs/promises', 'path'],
  net: ['net', 'http', 'https'],
};

export const layers: Readonly<Record<string, Layer>> = {
  'src/contract': { own: [], npm: [] },

  'src/client': { own: ['src/contract'], npm: [] },
  'src/sdk': { own: ['src/contract', 'src/client'], npm: ['@apollo/client'] },
  'src/sdk/capture': { own: [], npm: [] },
  'src/react': { own: ['src/sdk'], npm: ['react'] },
  'src/node-client': { own: ['src/contract', 'src/client'], npm: [] },

  'src/domain': { own: ['src/contract'], npm: [] },
  'src/domain/ports': {
    own: ['src/contract', 'src/domain/event.ts', 'src/domain/reading/plan.ts'],
    npm: [],
  },
  'src/domain/reading': { own: ['src/contract', 'src/domain'], npm: [] },
  'src/domain/ingest': { own: ['src/contract', 'src/domain'], npm: [] },
  'src/domain/privacy/identity': { own: ['src/contract', 'src/domain'], npm: ['crypto', 'ipaddr.js'] },
  'src/domain/privacy/user-agent': {
    own: ['src/contract', 'src/domain'],
    npm: ['crypto', 'ua-parser-js', 'isbot'],
  },
  'src/domain/privacy/pii': {
    own: ['src/contract', 'src/domain/uuid.ts', 'src/domain/privacy/shape'],
    npm: ['ipaddr.js'],
  },
  'src/domain/privacy/shape': { own: ['src/contract', 'src/domain/uuid.ts'], npm: [] },

  'src/catalogue': {
    own: ['src/contract', 'src/domain'],
    npm: ['ajv', 're2js', 'zod', 'crypto', 'fs/promises'],
  },
  'src/catalogue-tools': { own: ['src/contract', 'src/domain', 'src/catalogue'], npm: ['zod'] },

  'src/store': { own: ['src/contract', 'src/domain'], npm: [] },
  // The rooms of the store import one another in this order only: each those above it.
  'src/store/commit': { own: ['src/domain/ports'], npm: [] },
  'src/store/engine': { own: ['src/domain/ports', 'src/store/commit/failure-kind.ts'], npm: [] },
  'src/store/migrations': {
    own: ['src/domain/ports', 'src/store/engine'],
    npm: [
      '@prisma/driver-adapter-utils',
      '@prisma/schema-engine-wasm',
      '@electric-sql/pglite',
      'pglite-prisma-adapter',
      'module',
      ...node.files,
    ],
  },
  'src/store/sql': {
    own: [
      'src/contract',
      'src/domain',
      'src/generated/prisma',
      'src/store/commit',
      'src/store/engine',
      'src/store/migrations',
    ],
    npm: ['@prisma/driver-adapter-utils', 'crypto'],
  },
  'src/store/postgres': {
    own: ['src/domain/ports', 'src/store/engine', 'src/store/migrations'],
    npm: ['@prisma/adapter-pg', '@prisma/driver-adapter-utils', 'pg', 'crypto', 'timers/promises'],
  },
  'src/store/pglite': {
    own: ['src/domain/ports', 'src/store/engine', 'src/store/migrations'],
    npm: ['@electric-sql/pglite', 'pglite-prisma-adapter', 'crypto', 'os', ...node.files],
  },
  'src/store/memory': { own: ['src/contract', 'src/domain', 'src/store/engine'], npm: [] },

  'src/auth': {
    own: ['src/contract', 'src/domain/ports', 'src/domain/privacy/identity', 'src/domain/privacy/shape'],
    npm: ['jose', 'crypto'],
  },
  'src/rate-limit': {
    own: ['src/domain/ports', 'src/domain/bounded-cache.ts', 'src/observability/log.ts'],
    npm: ['ioredis', 'crypto'],
  },
  'src/observability': { own: ['src/contract', 'src/domain'], npm: ['pino', 'prom-client'] },
  'src/graphql': {
    own: ['src/contract', 'src/domain', 'src/auth/caller.ts', 'src/generated/pothos.ts'],
    npm: ['graphql', '@pothos/', 'graphql-scalars', '@graphql-tools/utils'],
  },
  'src/http': {
    own: ['src/contract', 'src/domain', 'src/auth', 'src/graphql', 'src/observability'],
    npm: ['graphql', 'graphql-yoga', '@escape.tech/', 'crypto', 'http', 'net'],
  },
  'src/config': {
    own: [
      'src/contract',
      'src/domain/ports',
      // The words that a setting may hold are declared by those who act on them.
      'src/auth/clock-tolerance.ts',
      'src/auth/gateway-scope.ts',
      'src/auth/identity-mode.ts',
      'src/domain/ingest/visitor-identity.ts',
      'src/http/address-source.ts',
    ],
    npm: [],
  },
  'src/leak-scan': { own: [], npm: ['stream', 'zlib', 'net', ...node.files] },

  'src/app': {
    own: [
      'src/contract',
      'src/domain',
      'src/catalogue',
      'src/store',
      'src/auth',
      'src/rate-limit',
      'src/observability',
      'src/graphql',
      'src/http',
      'src/config',
      'jobs',
    ],
    npm: ['crypto', 'http', 'url', ...node.files],
  },
  'src/cli': {
    own: [
      'src/app',
      'src/catalogue',
      'src/catalogue-tools',
      'src/config',
      'src/contract',
      'src/domain',
      'src/graphql/schema.ts',
      'src/leak-scan',
      'src/observability',
      'src/store',
      'jobs',
    ],
    npm: ['jose', 'util', ...node.files],
  },
  jobs: { own: ['src/contract', 'src/domain', 'src/observability'], npm: ['node-cron'] },

  'tools/docs': {
    own: ['src/app', 'src/cli', 'src/config', 'src/contract', 'src/observability', 'jobs'],
    npm: node.files,
  },
  'tools/schema': { own: ['src/app', 'src/cli', 'src/graphql'], npm: node.files },
  'tools/replay': {
    own: [
      'src/cli/io.ts',
      'src/client',
      'src/contract',
      'src/domain/bounded-cache.ts',
      'src/domain/privacy/user-agent',
      'src/leak-scan',
      'src/node-client',
    ],
    npm: ['crypto', 'timers/promises', 'util', ...node.files, ...node.net],
  },
  'tools/linkage': {
    own: ['src', 'test'],
    npm: ['pg', 'os', 'timers/promises', 'util', ...node.files],
  },
};

/** Code that no layer holds: the entry, and what Prisma generates. */
export const outside = ['src/main.ts', 'src/generated'];

/** Packages and generated code that belong to one place. */
export const soleUsers: readonly { readonly name: string; readonly what: string; readonly only: string }[] = [
  {
    name: 'only the schedule knows node-cron',
    what: 'node_modules/node-cron',
    only: '^jobs/schedule\\.ts$',
  },
  {
    name: 'only auth and the development token know jose',
    what: 'node_modules/jose',
    only: '^src/(auth/|cli/token\\.ts$)',
  },
  {
    name: 'only the SQL store and one file of the read side know what Prisma generates',
    what: 'src/generated/(prisma|pothos)',
    only: '^src/(store/sql/|generated/|graphql/event-model\\.ts$)',
  },
];

const literal = (text: string): string => text.replaceAll('.', '\\.').replaceAll('/', '\\/');
const inside = (path: string): string => `^${literal(path)}${path.endsWith('.ts') ? '$' : '/'}`;
const ours = '^(src|jobs|tools|test)/';
const packages = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'core'];

function layerRules(folder: string, { own, npm }: Layer): IFlattenedRuleSet['forbidden'] {
  // A layer inside another one has rules of its own.
  const nested = Object.keys(layers).filter((other) => other.startsWith(`${folder}/`));
  const from = { path: inside(folder), pathNot: nested.map(inside) };
  return [
    {
      name: `${folder} imports only what it may`,
      severity: 'error',
      from,
      to: { path: ours, pathNot: [folder, ...own].map(inside) },
    },
    {
      name: `${folder} uses only its packages`,
      severity: 'error',
      from,
      to: {
        dependencyTypes: packages as never,
        pathNot: npm.flatMap((name) => [
          `node_modules/${literal(name)}${name.endsWith('/') ? '' : '(/|$)'}`,
          `^(node:)?${literal(name)}$`,
        ]),
      },
    },
  ];
}

/** Every rule about imports. Circles are forbidden to types as well: a reader goes in circles just the same. */
export function importRules(): IFlattenedRuleSet {
  const forbidden = Object.entries(layers).flatMap(([folder, layer]) => layerRules(folder, layer) ?? []);
  const sole = soleUsers.map(({ name, what, only }) => ({
    name,
    severity: 'error' as const,
    from: { path: '^(src|jobs|tools)/', pathNot: [only] },
    to: { path: what },
  }));
  const circles = {
    name: 'no circles, types included',
    severity: 'error' as const,
    from: { path: '^(src|jobs|tools)/', pathNot: ['src/generated'] },
    to: { circular: true },
  };
  return { forbidden: [...forbidden, ...sole, circles] };
}

/** Reads the imports of `folders` below `baseDir`, and what they break. */
export async function examine(baseDir: string, folders: readonly string[]): Promise<ICruiseResult> {
  const { output } = await cruise(
    [...folders],
    {
      baseDir,
      ruleSet: importRules(),
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: ['node_modules', '^test/'] },
      exclude: { path: ['src/generated/(?!prisma/client|pothos)'] },
    },
    {
      extensionAlias: { '.js': ['.ts', '.js'] },
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    } as never,
  );
  return output as ICruiseResult;
}

/** The rules that are broken, each as `rule: from -> to`. */
export function broken(result: ICruiseResult): string[] {
  return result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}
