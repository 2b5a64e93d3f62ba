// Half an hour on a pull request, made up.
export function sampleSession(now = Date.now()) {
  const at = (minutesAgo) => new Date(now - minutesAgo * 60_000).toISOString();
  return [
    { did: 'edited', file: 'src/index.ts', insertions: 12, deletions: 3, at: at(30) },
    { did: 'edited', file: '.github/workflows/ci.yml', insertions: 1, deletions: 1, at: at(26) },
    { did: 'ran', argv: ['/usr/bin/npm', 'run', 'lint'], exitCode: 1, durationMs: 2_104.7, at: at(25) },
    { did: 'edited', file: 'src/index.ts', insertions: 2, deletions: 2, at: at(24) },
    { did: 'tested', passed: 118, failed: 2, skipped: 1, durationMs: 9_301.2, at: at(20) },
    { did: 'annotated', text: 'Why not a map?', at: at(15) },
    { did: 'tested', passed: 120, failed: 0, skipped: 1, durationMs: 9_288.4, at: at(6) },
    { did: 'committed', sha: '9fceb02', filesChanged: 2, insertions: 14, deletions: 5, at: at(5) },
  ];
}
