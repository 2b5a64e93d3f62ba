/**
 * The bytes of a body, kept in one block that doubles as it grows. A list of the pieces as they arrive would let a body
 * of one megabyte in pieces of one byte take two hundred.
 */
export interface BodyBytes {
  /** How much more the block would take with so many bytes added. */
  growthFor(bytes: number): number;
  add(piece: Buffer): void;
  text(): string;
}

/** Bytes of at most `maxBytes`; whoever adds more has to refuse it before. */
export function createBodyBytes(maxBytes: number): BodyBytes {
  let block: Buffer = Buffer.alloc(0);
  let length = 0;
  const roomFor = (bytes: number): number => {
    const needed = length + bytes;
    if (needed <= block.length) return block.length;
    return Math.max(needed, Math.min(2 * block.length, maxBytes));
  };
  return {
    growthFor: (bytes) => roomFor(bytes) - block.length,
    add(piece) {
      const room = roomFor(piece.length);
      if (length === 0) {
        // Most bodies are one piece, and are not copied.
        block = piece;
      } else {
        if (room > block.length) {
          const larger = Buffer.allocUnsafe(room);
          block.copy(larger, 0, 0, length);
          block = larger;
        }
        piece.copy(block, length);
      }
      length += piece.length;
    },
    text: () => block.toString('utf8', 0, length),
  };
}
