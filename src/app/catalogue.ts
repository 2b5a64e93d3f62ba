import { join } from 'node:path';
import { createCatalogueFile } from '../catalogue/index.js';
import { ConfigurationError } from '../config/index.js';
import type { CatalogueSource } from '../domain/catalogue.js';
import type { Log } from '../domain/ports/index.js';
import { isPiiKey } from '../domain/privacy/pii/pii-keys.js';
import type { Metrics } from '../observability/metrics.js';
import { packageRoot } from './package-root.js';

export interface OpenCatalogue {
  readonly source: CatalogueSource;
  close(): void;
}

export interface CatalogueDeps {
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The path of the catalogue in use: the operator's, or the example that ships with the package. */
export function cataloguePath(path: string | null): string {
  return path ?? join(packageRoot(), 'examples', 'catalogue.json');
}

/** Why the catalogue cannot be used: every problem of the file. */
export async function catalogueProblems(path: string | null, log: Log): Promise<readonly string[]> {
  const opened = await createCatalogueFile({ path: cataloguePath(path), log, isPiiKey });
  if (!opened.ok) return opened.error.map(named);
  opened.value.stop();
  return [];
}

/** Opens the catalogue and watches it. Throws ConfigurationError with every problem of the file. */
export async function openCatalogue(
  path: string | null,
  { log, metrics }: CatalogueDeps,
): Promise<OpenCatalogue> {
  const opened = await createCatalogueFile({ path: cataloguePath(path), log, isPiiKey });
  if (!opened.ok) throw new ConfigurationError(opened.error.map(named));
  const { source, status, stop } = opened.value;
  metrics.gauge('signals_catalogue_problems', () => status().problems.length);
  return { source, close: stop };
}

function named(problem: string): string {
  return `SIGNALS_CATALOG ${problem}`;
}
