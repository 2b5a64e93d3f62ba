/** One row of any table, every column as text; null: SQL's NULL. */
export interface Row {
  readonly table: string;
  readonly columns: Readonly<Record<string, string | null>>;
}
