import type { DayStates } from './day-states.js';
import type { Piece } from './pieces.js';
import { kindsOf, type Slices } from './slices.js';

/** Where each piece of a question's time is read. Pieces without any event are in neither. */
export interface Division {
  readonly counted: readonly Piece[];
  readonly raw: readonly Piece[];
  /** The last day of which the counts cannot answer and raw rows are gone. */
  readonly lost: string | null;
  /** Whether a day is read whose raw rows are gone: visitors of OTHER are not known then. */
  readonly sealed: boolean;
  /** Whether small groups of a day that is read have lost their names. */
  readonly folded: boolean;
}

/**
 * A whole day that has been counted and has not changed is read from its counts, where there are slices for the
 * question; everything else from raw rows. So an answer is exact whatever has been counted.
 */
export function divide(pieces: readonly Piece[], slices: Slices | null, states: DayStates): Division {
  const needed = slices && [...kindsOf(slices)];
  const counted: Piece[] = [];
  const raw: Piece[] = [];
  let lost: string | null = null;
  let sealed = false;
  let folded = false;
  for (const piece of pieces) {
    const day = states.counted.get(piece.day);
    const answers =
      piece.whole && needed !== null && day && !needed.some((kind) => day.overflow.includes(kind));
    if (day?.sealed) {
      if (answers && slices && outlivesRaw(slices)) {
        counted.push(piece);
        sealed = true;
        folded ||= needed.some((kind) => day.folded.includes(kind));
      } else if (lost === null || piece.day > lost) lost = piece.day;
    } else if (answers && !states.changed.has(piece.day)) counted.push(piece);
    else if (day || states.changed.has(piece.day) || !states.begun) raw.push(piece);
  }
  return { counted, raw, lost, sealed, folded };
}

/** Bitmaps go with the raw rows. Only OTHER can do without: its visitors are not known then. */
function outlivesRaw({ total, rows }: Slices): boolean {
  return total.table !== 'stat_set' && rows?.table !== 'stat_set';
}
