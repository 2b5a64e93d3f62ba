/** What a run did, as a program reads it. */
export type JobReport = Readonly<Record<string, string | number | boolean>>;

export interface JobRun {
  /** Says what would be done and changes nothing. */
  readonly dryRun: boolean;
  /** Asked between batches: true ends the run early, and cleanly. */
  readonly stopped: () => boolean;
}

/** The work of a job, as its factory makes it. Throws `JobRefusal` where going on would be wrong. */
export type JobWork = (run: JobRun) => Promise<JobReport>;

/** A row of the table of jobs: everything that can be said of a job before anything is opened. */
export interface JobKind<Needs> {
  readonly description: string;
  /** Five fields, in UTC. Null: it runs only where somebody or something asks for it. */
  readonly cron: string | null;
  readonly create: (needs: Needs) => JobWork;
}

/** A job that can run. */
export interface Job {
  readonly name: string;
  readonly cron: string | null;
  readonly work: JobWork;
}

/** A job that refuses to run, with a reason that may be shown. */
export class JobRefusal extends Error {
  override readonly name = 'JobRefusal';
}
