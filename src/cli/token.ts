import { parseArgs } from 'node:util';
import { importJWK, SignJWT } from 'jose';
import { type DevelopmentKey, developmentKey } from '../app/embedded/credentials.js';
import { settingFiles } from '../app/setting-files.js';
import { ConfigurationError, isProduction, loadConfig } from '../config/index.js';
import type { Command } from './io.js';

const help = `Usage: signals token --sub <subject> [--role <role>]... [--claim <name>=<value>]... [--ttl <number>s|m|h|d]

Prints one token, signed with the development key of the embedded mode, and nothing else.
Roles go into the claim that SIGNALS_ADMIN_CLAIM names. The default lifetime is 1h.
Refused in production, where the settings are wrong, and where the keys come from SIGNALS_JWKS_URL or SIGNALS_JWKS_FILE.

Exit code 0: printed; 1: refused; 2: used wrongly.
`;

/** `signals token`: a development token on standard output. */
export const run: Command = async (argv, io) => {
  const options = parse(argv);
  if (!options || options.help) {
    io[options ? 'stdout' : 'stderr'].write(help);
    return options ? 0 : 2;
  }
  if (isProduction(io.env)) return refuse(io, 'there is no development key in production');
  const loaded = loadConfig(io.env, settingFiles);
  if (!loaded.ok) return refuse(io, loaded.error.join('\n'));
  const config = loaded.value;
  if (config.jwksUrl || config.jwksFile)
    return refuse(io, 'the keys come from SIGNALS_JWKS_URL or SIGNALS_JWKS_FILE: ask that issuer');
  const lifetime = seconds(options.ttl);
  if (!options.sub || lifetime === null || options.claims === null) {
    io.stderr.write(help);
    return 2;
  }
  const key = keyIn(config.dataDir);
  if (key instanceof ConfigurationError) return refuse(io, key.message);
  const issuedAt = Math.floor(io.now().getTime() / 1000);
  const token = await new SignJWT({
    ...(config.jwtIssuer && { iss: config.jwtIssuer }),
    ...(config.jwtAudience && { aud: [...config.jwtAudience] }),
    ...(options.roles.length > 0 && { [config.adminClaim]: options.roles }),
    ...options.claims,
  })
    .setProtectedHeader({ alg: 'ES256', kid: 'development' })
    .setSubject(options.sub)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetime)
    .sign(await importJWK({ ...key.privateJwk }, 'ES256'));
  io.stdout.write(`${token}\n`);
  return 0;
};

function keyIn(dataDir: string): DevelopmentKey | ConfigurationError {
  try {
    return developmentKey(dataDir);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

function refuse(io: Parameters<Command>[1], why: string): number {
  io.stderr.write(`token: ${why}\n`);
  return 1;
}

function parse(argv: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        sub: { type: 'string' },
        role: { type: 'string', multiple: true, default: [] },
        claim: { type: 'string', multiple: true, default: [] },
        ttl: { type: 'string', default: '1h' },
        help: { type: 'boolean', default: false },
      },
    });
    return {
      sub: values.sub,
      roles: values.role,
      claims: claims(values.claim),
      ttl: values.ttl,
      help: values.help,
    };
  } catch {
    return null;
  }
}

/** `name=value`; a value that is JSON is taken as such, so lists and numbers can be had. */
function claims(pairs: readonly string[]): Record<string, unknown> | null {
  const result: Record<string, unknown> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) return null;
    const text = pair.slice(at + 1);
    result[pair.slice(0, at)] = parsedOr(text);
  }
  return result;
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const units = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

function seconds(ttl: string): number | null {
  const match = /^(-?\d{1,6})([smhd])$/.exec(ttl);
  return match ? Number(match[1]) * units[match[2] as keyof typeof units] : null;
}
