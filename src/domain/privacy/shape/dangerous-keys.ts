const dangerous: ReadonlySet<string> = new Set([
  '__proto__',
  'prototype',
  'constructor',
  'toJSON',
  'toString',
  'toLocaleString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);

/**
 * Whether a key means something to JavaScript itself: code that copies or prints an object with such a member
 * can be made to do what it should not (prototype pollution, CWE-1321).
 */
export function isDangerousKey(key: string): boolean {
  return dangerous.has(key);
}
