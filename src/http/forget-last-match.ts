const constant = /^nothing$/;

/**
 * Makes V8 let go of the text that a regular expression matched last. V8 keeps it for `RegExp.$_` and
 * `RegExp.lastMatch` until another text is matched. Writing the head of an answer matches header names, but a
 * caller who has hung up gets no answer: their address, or a value that was refused, would stay in memory until the
 * next request.
 */
export function forgetLastMatch(): void {
  constant.test('nothing');
}
