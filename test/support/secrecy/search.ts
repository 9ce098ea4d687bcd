import { createHash } from 'node:crypto';

/** Decoded inside decoded: a statement (base64url) in a transaction in a block (base64) in the evidence of an audit, and one to spare. */
const DEPTH = 4;
/** Shorter ones would be words. */
const BASE64_RUN = /[A-Za-z0-9+/_-]{24,}/g;
const NUMBER_RUN = /\d[\d.,]{8,}/g;
/** So many digits are in no random digest by chance. */
const FEWEST_DIGITS = 12;

/** Everything that somebody has, to be searched for texts and numbers, whatever they are coded in. */
export class Haystack {
  readonly #pieces: readonly Searched[];

  constructor(pieces: readonly Searched[]) {
    this.#pieces = pieces;
  }

  get bytes(): number {
    return this.#pieces.reduce((sum, { size }) => sum + size, 0);
  }

  /** Whether a text or a number is in it, in any of these codings: as it is, UTF-16, hex, base64, digits with any point, binary. */
  holds(secret: string | number): boolean {
    return this.#pieces.some((piece) => piece.holds(secret));
  }
}

/** Makes haystacks. What several have is taken apart once: all peers have the same blocks. */
export class Search {
  readonly #known = new Map<string, Searched>();

  through(...pieces: readonly (string | Uint8Array)[]): Haystack {
    return new Haystack(pieces.map((piece) => this.#searched(Buffer.from(piece as Uint8Array))));
  }

  #searched(bytes: Buffer): Searched {
    const digest = createHash('sha256').update(bytes).digest('hex');
    const searched = this.#known.get(digest) ?? new Searched(bytes);
    this.#known.set(digest, searched);
    return searched;
  }
}

class Searched {
  readonly size: number;
  /** The bytes, and what is inside of their base64. */
  readonly #layers: readonly Buffer[];
  readonly #digits: string;
  readonly #found = new Map<string | number, boolean>();

  constructor(bytes: Buffer) {
    this.size = bytes.length;
    this.#layers = layersOf(bytes, DEPTH);
    const numbers = this.#layers.flatMap((layer) => layer.toString('latin1').match(NUMBER_RUN) ?? []);
    this.#digits = numbers.map((number) => number.replaceAll(/[.,]/g, '')).join(' ');
  }

  holds(secret: string | number): boolean {
    const known = this.#found.get(secret) ?? this.#search(secret);
    this.#found.set(secret, known);
    return known;
  }

  #search(secret: string | number): boolean {
    const needles = typeof secret === 'number' ? binary(secret) : codings(secret);
    return (
      needles.some((needle) => this.#layers.some((layer) => layer.includes(needle))) ||
      (typeof secret === 'number' && digitsOf(secret).some((digits) => this.#digits.includes(digits)))
    );
  }
}

function layersOf(bytes: Buffer, depth: number): readonly Buffer[] {
  const runs = depth === 0 ? [] : (bytes.toString('latin1').match(BASE64_RUN) ?? []);
  // One buffer for all runs of a layer: there are thousands.
  const decoded = Buffer.concat(runs.flatMap((run) => [Buffer.from(run, 'base64'), Buffer.from([0])]));
  return decoded.length === 0 ? [bytes] : [bytes, ...layersOf(decoded, depth - 1)];
}

/** A text as others may write it. */
function codings(text: string): readonly Buffer[] {
  const utf8 = Buffer.from(text);
  const hex = utf8.toString('hex');
  const inside = [0, 1, 2].flatMap((shift) => {
    // Where a text begins inside base64 is not known; its first and last characters depend on what is beside it.
    const whole = Buffer.concat([Buffer.alloc(shift), utf8]);
    const inner = whole
      .subarray(0, whole.length - (whole.length % 3))
      .toString('base64')
      .slice(shift === 0 ? 0 : 4);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [utf8, Buffer.from(text, 'utf16le'), ...[hex, hex.toUpperCase(), ...inside].map((each) => Buffer.from(each))];
}

/** A number as programs keep it. */
function binary(value: number): readonly Buffer[] {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return [bytes, Buffer.from(bytes).reverse()];
}

/**
 * The digits of a number, of its half (a standard uncertainty beside an expanded one), and of its value in kelvin: with a point or a comma
 * at any place, or an exponent.
 */
function digitsOf(value: number): readonly string[] {
  return [value, value / 2, value + 273.15].map((each) => {
    const digits = each.toPrecision(15).replace(/e.*$/, '').replace('.', '').replace(/^0+/, '').replace(/0+$/, '');
    // The last digits of what was calculated may be rounded otherwise.
    const safe = each === value ? digits : digits.slice(0, FEWEST_DIGITS);
    if (safe.length < FEWEST_DIGITS) throw new Error(`${value} has too few digits to be found by nobody's chance.`);
    return safe;
  });
}
