/** Changes of a running network, one after the other. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** Makes a change when those before it are made, however they ended. */
  take<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => {
      if (this.#closed) throw new Error('The network is being stopped: start it again, and make the change then.');
      return change();
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Has no further change begin. Resolves when the one under way has come to its end. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
  }
}
