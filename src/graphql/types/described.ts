/** Values of an enum with their descriptions, from a table of the contract. */
export function described<Table extends Readonly<Record<string, unknown>>>(
  table: Table,
  describe: (row: Table[keyof Table]) => string,
) {
  const rows = Object.entries(table) as [keyof Table, Table[keyof Table]][];
  return Object.fromEntries(rows.map(([name, row]) => [name, { description: describe(row) }])) as {
    readonly [Name in keyof Table]: { readonly description: string };
  };
}
