/**
 * What a failed statement means for the rows in it.
 * `row`: a value in it is not storable, the others are. `transient`: the connection or the moment was bad, the
 * same statement may work at once on another connection. `final`: trying again now would only wait again.
 */
export type FailureKind = 'row' | 'transient' | 'final';
