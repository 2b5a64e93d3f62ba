/** The time, as the process believes it. */
export interface Clock {
  now(): Date;
}
