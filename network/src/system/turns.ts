/** Runs changes of a network one after the other. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** Runs a change when all earlier ones have ended, whether they succeeded or failed. */
  take<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      if (this.#closed) throw new Error('The network is being stopped: start it again, and make the change then.');
      return change();
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Rejects new changes. Resolves when the current one has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }
}
