/**
 * What can be refused answers with this. An expected refusal is a value: `ok` says which of the two it is, `value`
 * is what was asked for, and `error` says why there is none. What is thrown is a fault of the program.
 */
export type Result<Value, Refusal> = Success<Value> | Failure<Refusal>;

export interface Success<Value> {
  readonly ok: true;
  readonly value: Value;
}

export interface Failure<Refusal> {
  readonly ok: false;
  readonly error: Refusal;
}
