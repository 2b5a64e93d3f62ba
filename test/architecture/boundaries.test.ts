import { cruise, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { beforeAll, describe, expect, it } from 'vitest';

/**
 * Who may import whom. A folder may import itself, what is listed, and nothing else; `npm` names packages and
 * Node's own modules. A new folder under src/ must be added here: the last test fails until it is.
 */
const layers: Readonly<Record<string, { readonly own: readonly string[]; readonly npm: readonly string[] }>> =
  {
    'src/contract': { own: [], npm: [] },
    'src/domain': { own: ['src/contract'], npm: ['crypto', 'ua-parser-js', 'isbot', 'ipaddr.js'] },
    'src/auth': {
      own: ['src/contract', 'src/domain/ports.ts', 'src/domain/privacy/digest-cache.ts'],
      npm: ['jose', 'crypto'],
    },
    'src/catalogue': {
      own: ['src/contract', 'src/domain'],
      npm: ['ajv', 'zod', 'fs', 'fs/promises', 'crypto', 'path'],
    },
    'src/secrets': { own: ['src/domain/ports.ts'], npm: [] },
    'src/rate-limit': { own: ['src/domain/ports.ts'], npm: ['rate-limiter-flexible', 'ioredis'] },
    'src/observability': { own: ['src/contract', 'src/domain'], npm: ['pino', 'prom-client'] },
    'src/store': {
      own: ['src/contract', 'src/domain', 'src/generated/prisma', 'src/observability'],
      npm: [
        '@prisma/',
        'pg',
        '@electric-sql/pglite',
        'pglite-prisma-adapter',
        'crypto',
        'fs',
        'fs/promises',
        'path',
        'url',
        'module',
        'os',
        'process',
        'timers/promises',
      ],
    },
    'src/graphql': {
      own: ['src/contract', 'src/domain', 'src/auth/caller.ts', 'src/generated'],
      npm: ['graphql', '@pothos/', 'graphql-scalars', '@graphql-tools/utils'],
    },
    'src/http': {
      own: ['src/contract', 'src/domain', 'src/auth', 'src/graphql', 'src/observability'],
      npm: ['graphql', 'graphql-yoga', '@escape.tech/', 'crypto', 'http', 'net'],
    },
    'src/sdk': { own: ['src/contract'], npm: ['@apollo/client'] },
    'src/sdk/core': { own: ['src/contract'], npm: [] },
    'src/sdk/capture': { own: [], npm: [] },
    'src/react': { own: ['src/sdk'], npm: ['react'] },
    'src/tracker': { own: ['src/contract', 'src/sdk/core'], npm: [] },
    'src/replay': {
      own: ['src/contract', 'src/sdk/core'],
      npm: ['fs', 'fs/promises', 'zlib', 'readline', 'stream', 'crypto', 'path', 'net', 'http', 'https'],
    },
  };

/** Only these may read Prisma's client inside the GraphQL layer, node-cron, or the environment. */
const soleUsers: readonly { readonly name: string; readonly what: string; readonly only: string }[] = [
  { name: 'node-cron', what: 'node_modules/node-cron', only: '^jobs/schedule\\.ts$' },
  { name: 'jose outside of auth', what: 'node_modules/jose', only: '^src/(auth/|cli/token\\.ts)' },
  {
    name: 'prisma outside of the store and the read side',
    what: 'generated/prisma',
    only: '^src/(store|graphql|generated)/',
  },
];

const literal = (text: string): string => text.replaceAll('.', '\\.').replaceAll('/', '\\/');

function rules(): IFlattenedRuleSet {
  const forbidden = Object.entries(layers).flatMap(([folder, { own, npm }]) => [
    {
      name: `${folder} imports only what it may`,
      severity: 'error' as const,
      from: { path: `^${literal(folder)}/` },
      to: {
        path: '^(src|jobs)/',
        pathNot: [folder, ...own].map((path) => `^${literal(path)}${path.endsWith('.ts') ? '$' : '/'}`),
      },
    },
    {
      name: `${folder} uses only its packages`,
      severity: 'error' as const,
      from: { path: `^${literal(folder)}/` },
      to: {
        dependencyTypes: [
          'npm',
          'npm-dev',
          'npm-optional',
          'npm-peer',
          'npm-no-pkg',
          'npm-unknown',
          'core',
        ] as never,
        pathNot: npm.flatMap((name) => [
          `node_modules/${literal(name)}${name.endsWith('/') ? '' : '(/|$)'}`,
          `^(node:)?${literal(name)}$`,
        ]),
      },
    },
  ]);
  const sole = soleUsers.map(({ name, what, only }) => ({
    name,
    severity: 'error' as const,
    from: { path: '^(src|jobs)/', pathNot: [only] },
    to: { path: what },
  }));
  const circular = {
    name: 'no circles',
    severity: 'error' as const,
    from: { path: '^(src|jobs)/', pathNot: ['generated'] },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  };
  return { forbidden: [...forbidden, ...sole, circular] } as IFlattenedRuleSet;
}

async function examine(ruleSet: IFlattenedRuleSet): Promise<ICruiseResult> {
  const { output } = await cruise(
    ['src', 'jobs'],
    {
      ruleSet,
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: ['node_modules'] },
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

describe('the layers', () => {
  let result: ICruiseResult;
  beforeAll(async () => {
    result = await examine(rules());
  }, 60_000);

  it('were really looked at', () => {
    const ours = result.modules.filter(({ source }) => /^(src|jobs)\//.test(source));
    expect(ours.length).toBeGreaterThan(100);
    for (const folder of Object.keys(layers)) {
      expect(
        ours.some(({ source }) => source.startsWith(`${folder}/`)),
        folder,
      ).toBe(true);
    }
    // An import that could not be resolved is an import that was not judged.
    const unresolved = result.modules.flatMap(({ source, dependencies }) =>
      dependencies
        .filter(({ couldNotResolve }) => couldNotResolve)
        .map(({ module }) => `${source} -> ${module}`),
    );
    expect(unresolved).toEqual([]);
  });

  it('are kept', () => {
    expect(result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`)).toEqual(
      [],
    );
  });

  it('would be found broken: a planted rule that everybody breaks is reported', async () => {
    const planted = {
      forbidden: [
        { name: 'planted', severity: 'error', from: { path: '^src/http/' }, to: { path: '^src/contract/' } },
      ],
    };
    const broken = await examine(planted as IFlattenedRuleSet);
    expect(broken.summary.violations.length).toBeGreaterThan(0);
  });

  it('cover every folder of src', () => {
    const folders = new Set(
      result.modules.map(({ source }) => /^src\/[^/]+(?=\/)/.exec(source)?.[0]).filter(Boolean),
    );
    const wiring = ['src/app', 'src/cli', 'src/config', 'src/generated'];
    expect(
      [...folders].filter((folder) => !layers[folder as string] && !wiring.includes(folder as string)),
    ).toEqual([]);
  });
});
