/** What is to be said about settings: by name and never by value. */
export interface Findings {
  /** With these the service does not start. */
  readonly problems: readonly string[];
  /** These are said once at the start. */
  readonly warnings: readonly string[];
}
