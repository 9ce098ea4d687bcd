import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { BUNDLE_MEDIA_TYPE } from '../verify/index.js';
import { BUNDLE_PATH, challengeIn } from './challenge.js';
import type { Challenge } from './challenge.js';
import { busy, invalid, Problem, PROBLEM_MEDIA_TYPE, tooMany } from './problem.js';
import { networkOf, RateLimit } from './rateLimit.js';
import type { Rates } from './rateLimit.js';

/** How a service answers outsiders. */
export interface ChallengeServiceOptions {
  /** The text of a bundle that answers a question. Throws a {@link Problem}, or anything else, which is not told to the asker. */
  readonly answer: (challenge: Challenge) => Promise<string>;
  readonly rates: Rates;
  /** Most questions at one time. */
  readonly parallel: number;
  /** Whether the last address in `X-Forwarded-For` is the asker's: only behind a proxy of one's own that writes it. */
  readonly behindProxy?: boolean;
  /** Hears of failures that askers are told nothing about. Never of a question. */
  readonly onFailure?: (error: unknown) => void;
  /** A clock in milliseconds that never goes back. */
  readonly now?: () => number;
}

const HEADERS_TIMEOUT_MS = 5000;
const REQUEST_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 5000;
/** A question is short. */
const MAX_HEADERS_BYTES = 8192;
const MAX_CONNECTIONS = 256;
/** Of one address: others must still find room. */
const MAX_CONNECTIONS_EACH = 16;
const PAUSE_SECONDS = 5;

/** Anybody may read an answer, a page in a browser too: it names no account, and is signed. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Access-Control-Allow-Origin': '*',
};

/**
 * Answers the questions of outsiders by HTTP, without accounts: `GET /bundle?device=ID&nonce=WORD`. It writes no log, and keeps
 * of an asker only an address, as long as it limits by it.
 *
 * @example
 * const service = new ChallengeService({ answer, rates: { total: 60, each: 6 }, parallel: 4 });
 * const { port } = await service.listen(8420);
 */
export class ChallengeService {
  readonly #options: ChallengeServiceOptions;
  readonly #now: () => number;
  readonly #limit: RateLimit;
  readonly #server: Server;
  /** Open ones, by the network that they come from. */
  readonly #connections = new Map<string, number>();
  #answering = 0;

  constructor(options: ChallengeServiceOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#limit = new RateLimit(options.rates, this.#now());
    this.#server = createServer(
      {
        headersTimeout: HEADERS_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        keepAliveTimeout: IDLE_TIMEOUT_MS,
        maxHeaderSize: MAX_HEADERS_BYTES,
      },
      (request, response) => {
        void this.#respond(request, response);
      },
    );
    this.#server.maxConnections = MAX_CONNECTIONS;
    // A proxy has one address for all.
    if (options.behindProxy !== true) {
      this.#server.on('connection', (socket) => {
        this.#admit(socket);
      });
    }
  }

  #admit(socket: Socket): void {
    const from = networkOf(socket.remoteAddress ?? '');
    const open = this.#connections.get(from) ?? 0;
    if (open >= MAX_CONNECTIONS_EACH) {
      socket.destroy();
      return;
    }
    this.#connections.set(from, open + 1);
    socket.once('close', () => {
      const left = (this.#connections.get(from) ?? 1) - 1;
      if (left > 0) this.#connections.set(from, left);
      else this.#connections.delete(from);
    });
  }

  /** @throws Error of Node if it cannot listen there */
  listen(port: number, host = '127.0.0.1'): Promise<AddressInfo> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen(port, host, () => {
        this.#server.off('error', reject);
        resolve(this.#server.address() as AddressInfo);
      });
    });
  }

  /** Takes no more questions, and ends when those that it took are answered. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeIdleConnections();
    });
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A body means nothing here.
    request.resume();
    try {
      const text = await this.#answered(request);
      send(response, 200, BUNDLE_MEDIA_TYPE, text);
    } catch (error) {
      const { status, title, detail, headers } = this.#problemOf(error);
      const text = JSON.stringify({ type: 'about:blank', title, status, detail });
      send(response, status, PROBLEM_MEDIA_TYPE, text, headers);
    }
  }

  async #answered(request: IncomingMessage): Promise<string> {
    const challenge = challengeOf(request);
    if (this.#answering >= this.#options.parallel) {
      throw busy('Others are being answered: ask again in a few seconds.', PAUSE_SECONDS);
    }
    const wait = this.#limit.take(this.#askerOf(request), this.#now());
    if (wait > 0) {
      throw tooMany(`This service answers only so many questions a minute: ask again in ${wait} s.`, wait);
    }
    this.#answering += 1;
    try {
      return await this.#options.answer(challenge);
    } finally {
      this.#answering -= 1;
    }
  }

  /** Whoever asks can write anything into a header, except what the last proxy adds to it. */
  #askerOf(request: IncomingMessage): string {
    const forwarded = this.#options.behindProxy ? request.headers['x-forwarded-for'] : undefined;
    const named = [forwarded ?? []].flat().join(',').split(',').at(-1)?.trim();
    return named !== undefined && named !== '' ? named.slice(0, 64) : (request.socket.remoteAddress ?? '');
  }

  #problemOf(error: unknown): Problem {
    if (error instanceof Problem) return error;
    this.#options.onFailure?.(error);
    return busy('The ledger cannot be asked right now: try again later.', PAUSE_SECONDS);
  }
}

/** @throws Problem */
function challengeOf({ method, url = '' }: IncomingMessage): Challenge {
  if (!URL.canParse(url, 'http://service')) throw invalid('The address cannot be read.');
  const { pathname, searchParams } = new URL(url, 'http://service');
  if (pathname !== BUNDLE_PATH) {
    throw new Problem(404, 'Nothing is here', `Ask ${BUNDLE_PATH}?device=ID&nonce=WORD.`);
  }
  if (method !== 'GET') throw new Problem(405, 'Only GET is answered', 'Ask with GET.', { Allow: 'GET' });
  return challengeIn(searchParams);
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...HEADERS,
    ...headers,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}
