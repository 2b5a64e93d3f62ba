import fc from 'fast-check';

/** Zones in which something about clocks is unusual, and two in which nothing is. */
export const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Africa/Casablanca',
  'Africa/Cairo',
  'America/Sao_Paulo',
  'America/Nuuk',
  'Asia/Beirut',
] as const;

/** Instants of years in which offsets are whole minutes; one of two lies within days of a change of clocks. */
export const instants = fc.oneof(
  fc.date({ min: new Date('2011-12-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
  fc
    .tuple(
      fc.constantFrom(
        '2011-12-30T10:00Z',
        '2018-11-04T03:00Z',
        '2026-03-29T01:00Z',
        '2026-10-25T01:00Z',
        '2026-03-08T07:00Z',
        '2026-11-01T06:00Z',
        '2026-04-04T15:00Z',
        '2026-10-03T15:30Z',
        '2026-02-15T02:00Z',
        '2026-04-23T22:00Z',
        '2024-02-29T12:00Z',
      ),
      fc.integer({ min: -3 * 86_400_000, max: 3 * 86_400_000 }),
    )
    .map(([text, off]) => new Date(Date.parse(text) + off)),
);
