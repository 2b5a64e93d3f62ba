/** What one question about statistics may ask for. Apart from `limits`, because clients carry those with them. */
export const readingLimits = {
  /** Calendar days in the range of a statistic: five years. Its comparison may be as long again. */
  maxStatsDays: 1_827,
  /** Rows that a statistic shows. */
  maxStatsTop: 200,
  /** Rows times buckets of one statistic, comparison not counted. */
  maxStatsPoints: 100_000,
  /** Longest range with visitors by the hour, in hours of the clock. */
  maxHourlyVisitorHours: 14 * 24 + 1,
  /** Raw rows that one statistic may have to read: about two seconds of one core. */
  maxStatsRowsRead: 5_000_000,
  /** Properties whose statistics one question may ask for. */
  maxStatsProperties: 10,
  /** Fields `eventStats` in one request: a dashboard, not a load test. */
  maxStatsPerRequest: 10,
  /** Negations inside one another. */
  maxFilterDepth: 4,
} as const;
