/** Collects the values of a statement while its text is written. */
export interface Parameters {
  /** Takes a value and answers its place with its type, such as `$3::text[]`. */
  add(value: unknown, type: string): string;
  readonly values: readonly unknown[];
}

export function createParameters(): Parameters {
  const values: unknown[] = [];
  return {
    values,
    add(value, type) {
      values.push(value);
      return `$${values.length}::${type}`;
    },
  };
}
