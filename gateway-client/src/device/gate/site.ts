import { printable } from '@tracecal/core/model';
import { TraceCalError } from '../../client/errors.js';

/** More than any device may want. */
const MOST_TOTAL_BYTES = 268_435_456;

/** A site with static files, as `tracecal proof publish` writes them. It is only ever asked, and nothing it says is believed. */
export class Site {
  readonly address: URL;
  readonly #signal: AbortSignal;
  #left = MOST_TOTAL_BYTES;

  /** @throws TraceCalError `INPUT_INVALID` */
  constructor(address: string, signal: AbortSignal) {
    this.address = addressOf(address);
    this.#signal = signal;
  }

  /** Gets the text of a file, or undefined if the site does not have that file. @throws TraceCalError `UNAVAILABLE`, `TIMED_OUT`, `ANSWER_INVALID` */
  async file(path: string, mostBytes: number): Promise<string | undefined> {
    const url = new URL(path, this.address);
    try {
      const response = await fetch(url, { redirect: 'error', signal: this.#signal });
      if (response.status === 404) {
        await response.body?.cancel();
        return undefined;
      }
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new TraceCalError('ANSWER_INVALID', `${url.href} answers with status ${response.status}.`);
      }
      return await this.#text(response, url, mostBytes);
    } catch (cause) {
      if (cause instanceof TraceCalError) {
        throw cause;
      }
      const isLate = this.#signal.aborted;
      throw new TraceCalError(
        isLate ? 'TIMED_OUT' : 'UNAVAILABLE',
        isLate
          ? `${url.origin} did not answer in time: try again.`
          : `${url.origin} does not answer: ${reasonOf(cause)}.`,
        { cause },
      );
    }
  }

  async #text(
    { body }: { readonly body: AsyncIterable<Uint8Array> | null },
    url: URL,
    mostBytes: number,
  ): Promise<string> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of body ?? []) {
      length += chunk.length;
      this.#left -= chunk.length;
      if (length > mostBytes || this.#left < 0) {
        throw new TraceCalError('ANSWER_INVALID', `${url.href} is larger than such a file may be.`);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return printable(inner instanceof Error ? inner.message : String(inner), 200);
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
