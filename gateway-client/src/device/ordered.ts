/** Numbers in their order, to find neighbours without looking at all of them. */
export class OrderedNumbers {
  readonly #all: number[] = [];

  add(number: number): void {
    const place = placeOf(this.#all, (each) => each < number);
    if (this.#all[place] !== number) {
      this.#all.splice(place, 0, number);
    }
  }

  delete(number: number): void {
    const place = placeOf(this.#all, (each) => each < number);
    if (this.#all[place] === number) {
      this.#all.splice(place, 1);
    }
  }

  /** The nearest ones on both sides of a number. */
  beside(number: number): { readonly before: number | undefined; readonly after: number | undefined } {
    const place = placeOf(this.#all, (each) => each < number);
    const next = this.#all[place] === number ? place + 1 : place;
    return { before: this.#all[place - 1], after: this.#all[next] };
  }
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Stretches of numbers that are missing, so many at most. */
export class MissingNumbers {
  readonly #most: number;
  readonly #all: Stretch[] = [];
  #forgotten = -1;

  constructor(most: number) {
    this.#most = most;
  }

  /** Up to here, stretches were forgotten. */
  get forgotten(): number {
    return this.#forgotten;
  }

  has(number: number): boolean {
    const stretch = this.#all[this.#placeOf(number)];
    return stretch !== undefined && stretch.from <= number;
  }

  /** A stretch that lies behind all others. */
  add(stretch: Stretch): void {
    this.#all.push(stretch);
    this.#forget();
  }

  /** A number that has come after all. It may split a stretch. */
  delete(number: number): void {
    const place = this.#placeOf(number);
    const stretch = this.#all[place];
    if (stretch && stretch.from <= number) {
      const parts = [
        { from: stretch.from, to: number - 1 },
        { from: number + 1, to: stretch.to },
      ].filter(({ from, to }) => from <= to);
      this.#all.splice(place, 1, ...parts);
      this.#forget();
    }
  }

  /** The place of the first one that does not end before a number. */
  #placeOf(number: number): number {
    return placeOf(this.#all, ({ to }) => to < number);
  }

  #forget(): void {
    for (const { to } of this.#all.splice(0, Math.max(0, this.#all.length - this.#most))) {
      this.#forgotten = Math.max(this.#forgotten, to);
    }
  }
}

/** How many of these, in their order, come before something. */
function placeOf<T>(all: readonly T[], isBefore: (each: T) => boolean): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const each = all[middle];
    if (each !== undefined && isBefore(each)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
