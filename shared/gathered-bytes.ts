// Bytes that come in pieces, however small: a piece that is kept costs some 400 bytes of memory beside its own, so that
// 10 MB in pieces of one byte would be several GB.

export interface GatheredBytes {
  /** How many there are so far. A method: making an object with a getter takes as long as the rest of a short body. */
  size(): number;
  /** Small pieces are copied; others must not change afterwards. */
  add(piece: Uint8Array): void;
  /** All of them in order; a single piece as it was given. Nothing is added after that. */
  join(): Uint8Array;
}

/** In bytes. */
const SMALL = 1_024;
const BLOCK = 64 * 1_024;

export function gatherBytes(): GatheredBytes {
  const pieces: Uint8Array[] = [];
  /** Small pieces, one behind the other, as far as `used`. */
  let block: Uint8Array | undefined;
  let used = 0;
  let size = 0;

  function closeBlock(): void {
    if (block && used > 0) pieces.push(block.slice(0, used));
    used = 0;
  }

  return {
    size: () => size,
    add(piece) {
      const isFirst = pieces.length === 0 && used === 0;
      size += piece.byteLength;
      if (isFirst || piece.byteLength >= SMALL) {
        closeBlock();
        pieces.push(piece);
        return;
      }
      block ??= new Uint8Array(BLOCK);
      if (used + piece.byteLength > BLOCK) closeBlock();
      block.set(piece, used);
      used += piece.byteLength;
    },
    join() {
      closeBlock();
      const [first] = pieces;
      if (pieces.length === 1 && first) return first;
      const joined = new Uint8Array(size);
      let at = 0;
      for (const piece of pieces) {
        joined.set(piece, at);
        at += piece.byteLength;
      }
      return joined;
    },
  };
}
