import { join } from 'node:path';
import { checkClient } from './checks/client.mjs';
import { checkServer } from './checks/server.mjs';
import { tarballOf } from './lib/folders.mjs';
import { createReport } from './lib/report.mjs';

/** Checks both packages, packed by `npm run build` or given as tarballs; answers the exit code. */
export async function check({ root, here, folder, client, server }) {
  const report = createReport(process.stdout);
  const parts = { report, folder, installed: join(here, 'node_modules'), programs: join(here, 'programs') };
  const bare = await checkClient({ ...parts, tarball: client ?? tarballOf(root, 'packages/client') });
  await checkServer({ ...parts, tarball: server ?? tarballOf(root, '.'), client: bare });
  return report.finish();
}
