import type { Config, Findings } from '../config/index.js';
import type { Log } from '../domain/ports/index.js';
import { catalogueProblems } from './catalogue.js';
import { judgeDevelopmentFiles } from './embedded/credentials.js';
import { tokenProblems } from './keys/authenticator.js';
import { ownershipProblems } from './ownership.js';

/**
 * What only the users of settings can judge: lists of algorithms, the files that settings name. It opens and makes
 * nothing that lasts, so that a start which is refused can say everything at once.
 */
export async function preflight(config: Config, log: Log): Promise<Findings> {
  const development = judgeDevelopmentFiles(config);
  const problems = [
    ...tokenProblems(config),
    ...development.problems,
    ...(await ownershipProblems(config.ownershipModule)),
    ...(await catalogueProblems(config.catalogue, log)),
  ];
  return { problems, warnings: development.warnings };
}
