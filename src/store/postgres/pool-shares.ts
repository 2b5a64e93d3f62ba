/** Who gets how many connections. Zero: its work goes over the connections for reading. */
export interface PoolShares {
  readonly writing: number;
  readonly readiness: number;
  /** What jobs do, and the first question of a migration. */
  readonly jobs: number;
  readonly reading: number;
}

/** Divides the connections that the operator allows, 2 at the least. */
export function dividePool(max: number): PoolShares {
  const readiness = max >= 3 ? 1 : 0;
  const jobs = max >= 4 ? 1 : 0;
  const writing = max >= 6 ? 2 : 1;
  return { writing, readiness, jobs, reading: Math.max(1, max - writing - readiness - jobs) };
}
