import { printable } from '@tracecal/core/model';
import { TraceCalError } from '../../client/errors.js';
import { httpGet } from '../../client/httpGet.js';

/** More than any device may want. */
const MOST_TOTAL_BYTES = 268_435_456;

/**
 * A site with static files, as `tracecal proof publish` writes them. It is only ever asked, and nothing it says is believed. It has a time of its
 * own for all its answers: what it takes, it takes from nobody after it.
 */
export class Site {
  readonly address: URL;
  #leftBytes = MOST_TOTAL_BYTES;
  #leftMs: number;

  /** @throws TraceCalError `INPUT_INVALID` */
  constructor(address: string, timeoutMs: number) {
    this.address = addressOf(address);
    this.#leftMs = timeoutMs;
  }

  /** Gets the text of a file, or undefined if the site does not have that file. @throws TraceCalError `UNAVAILABLE`, `TIMED_OUT`, `ANSWER_INVALID` */
  async file(path: string, mostBytes: number): Promise<string | undefined> {
    const url = new URL(path, this.address);
    const began = performance.now();
    try {
      const most = Math.min(mostBytes, this.#leftBytes);
      const { status, text } = await httpGet(url, { mostBytes: most, timeoutMs: this.#leftMs });
      this.#leftBytes -= text.length;
      if (status !== 200 && status !== 404) {
        throw new TraceCalError('ANSWER_INVALID', `${url.href} answers with status ${status}.`);
      }
      return status === 200 ? text : undefined;
    } finally {
      this.#leftMs = Math.max(this.#leftMs - (performance.now() - began), 0);
    }
  }
}

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw new TraceCalError(
      'INPUT_INVALID',
      `"${printable(text, 100)}" is no address of a site: write one like https://proofs.example/.`,
    );
  }
  url.hash = '';
  url.pathname = url.pathname.replace(/[^/]*\.html$/, '').replace(/\/?$/, '/');
  return url;
}
