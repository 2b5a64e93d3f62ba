// What an editor extension tells of the work on a pull request. Copy this file; it depends on nothing.

/**
 * Names what happened, and leaves out what must not be told: the arguments of a command, the text of an annotation.
 * What the catalogue does not take (an absolute path, say) the server refuses, and it is counted as dropped.
 *
 * @param {{ track(eventType: string, details: object): void }} tracker
 * @param {string} pullRequest owner/repository#number
 */
export function createPullRequestTelemetry(tracker, pullRequest) {
  const entity = { type: 'pull_request', id: pullRequest };
  const track = (eventType, at, properties) =>
    tracker.track(eventType, { entity, properties, ...(at && { occurredAt: new Date(at) }) });

  return {
    /** `file`: relative to the repository. `insertions`, `deletions`: lines. */
    edited: ({ file, insertions, deletions, at }) => track('pr_edit', at, { file, insertions, deletions }),

    /** Of `argv`, only the name of the program is told. */
    ran: ({ argv, exitCode, durationMs, at }) =>
      track('pr_command', at, {
        command: argv[0].split(/[/\\]/).pop(),
        // −1 and the like, as the 32 bits that they are
        exitCode: exitCode >>> 0,
        durationMs: whole(durationMs),
      }),

    tested: ({ passed, failed, skipped, durationMs, at }) =>
      track('pr_test', at, { passed, failed, skipped, durationMs: whole(durationMs) }),

    committed: ({ sha, filesChanged, insertions, deletions, at }) =>
      track('pr_commit', at, { sha, filesChanged, insertions, deletions }),

    /** Of `text`, only the length is told. */
    annotated: ({ text, at }) => track('pr_annotation', at, { length: text.length }),
  };
}

/** Clocks give fractions; the catalogue takes whole milliseconds. */
function whole(ms) {
  return ms === undefined ? undefined : Math.max(0, Math.round(ms));
}

/**
 * Sends one session: a list of `{ did: 'edited', … }`, where `did` names a method from above and the rest are its
 * arguments. Returns the tracker's stats, and how many steps could not be read.
 */
export async function sendTelemetry({ createTracker, pullRequest, session, ...options }) {
  const tracker = createTracker({ appName: 'ide', source: 'ide', ...options });
  const telemetry = createPullRequestTelemetry(tracker, pullRequest);
  let unreadable = 0;
  for (const step of session) {
    try {
      telemetry[step.did](step);
    } catch {
      unreadable += 1;
    }
  }
  await tracker.close({ timeoutMs: 30_000 });
  return { ...tracker.stats(), unreadable };
}
