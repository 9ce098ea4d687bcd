import type { Socket } from 'node:net';
import { requireScpiQuery } from './allowed.js';
import { addressOf, connected } from './connection.js';
import type { Endpoint } from './connection.js';
import { ProbeFailed } from './probe.js';
import type { Answer, Probe, ProbeLimits } from './probe.js';

export const SCPI_PORT = 5025;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?$/i;
/** SCPI's numbers for infinity and for no number. */
const LARGEST = 9.9e37;

/** Reads an instrument by a query over a raw socket. */
export class ScpiProbe implements Probe {
  readonly address: string;
  readonly #endpoint: Endpoint;
  readonly #query: string;
  readonly #limits: ProbeLimits;

  /** @throws ApplicationError `INPUT_INVALID` unless the query is in {@link ALLOWED} */
  constructor(endpoint: Endpoint, query: string, limits: ProbeLimits = {}) {
    this.#endpoint = endpoint;
    this.#query = requireScpiQuery(query);
    this.#limits = limits;
    this.address = addressOf(endpoint);
  }

  async read(): Promise<Answer> {
    const answered = await connected(this.#endpoint, this.#limits, (socket) => ask(socket, this.#query));
    return { value: valueOf(answered, this.address), asked: this.#query, answered };
  }
}

/** Sends a line that was allowed already, and waits for a line. */
export function ask(socket: Socket, line: string): Promise<string> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      const text = Buffer.concat(parts).toString('latin1');
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end).trim());
    });
    socket.write(`${line}\n`);
  });
}

function valueOf(text: string, address: string): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (Math.abs(value) < LARGEST) return value;
  throw new ProbeFailed('unreadable', `${address} answered ${JSON.stringify(text.slice(0, 40))}, which is no value.`);
}
