/** A set that forgets what was added first, beyond a limit: at least so many of the newest are in it. */
export class Remembered {
  readonly #least: number;
  #newer = new Set<string>();
  #older = new Set<string>();

  constructor(least: number) {
    this.#least = least;
  }

  add(name: string): void {
    this.#newer.add(name);
    if (this.#newer.size >= this.#least) {
      [this.#older, this.#newer] = [this.#newer, new Set()];
    }
  }

  /** Takes it out. @returns Whether it was there */
  delete(name: string): boolean {
    return this.#newer.delete(name) || this.#older.delete(name);
  }
}
