import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { ProbeFailed, USUAL_MOST_BYTES, USUAL_TIMEOUT_MS } from './probe.js';
import type { ProbeLimits } from './probe.js';

const PARTING_MS = 250;

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export function addressOf({ host, port }: Endpoint): string {
  return `${host}:${port}`;
}

/**
 * Opens a connection, does something with it, and closes it whatever happens. A failure of the connection ends the work at once, and so does
 * an answer that is too long: an instrument cannot fill the memory, nor hold a probe.
 *
 * @throws ProbeFailed
 */
export async function connected<T>(
  endpoint: Endpoint,
  { timeoutMs = USUAL_TIMEOUT_MS, mostBytes = USUAL_MOST_BYTES }: ProbeLimits,
  work: (socket: Socket) => Promise<T>,
): Promise<T> {
  const address = addressOf(endpoint);
  const socket = connect({ ...endpoint, noDelay: true });
  let timer: NodeJS.Timeout | undefined;
  const failure = new Promise<never>((_, reject) => {
    let received = 0;
    socket.on('data', ({ length }: Buffer) => {
      received += length;
      if (received > mostBytes) reject(tooLong(address, mostBytes));
    });
    socket.on('error', (cause) => {
      reject(failedAt(address, cause));
    });
    socket.on('close', () => {
      reject(new ProbeFailed('unreachable', `${address} closed the connection before it answered.`));
    });
    timer = setTimeout(() => {
      reject(new ProbeFailed('unanswered', `${address} did not answer within ${timeoutMs} ms.`));
    }, timeoutMs);
  });
  const opened = new Promise<void>((resolve) => {
    socket.once('connect', resolve);
  });
  try {
    await Promise.race([opened, failure]);
    const result = await Promise.race([work(socket), failure]);
    await closed(socket);
    return result;
  } catch (error) {
    throw failedAt(address, error);
  } finally {
    clearTimeout(timer);
    failure.catch(() => undefined);
    socket.destroy();
  }
}

/** Waits until both sides have closed, for a moment at most: many instruments take one connection at a time. */
async function closed(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, PARTING_MS);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.end();
  });
}

/** What a library throws about a connection, in a sentence of a probe. */
export function failedAt(address: string, cause: unknown): ProbeFailed {
  if (cause instanceof ProbeFailed) return cause;
  return new ProbeFailed('unreachable', `The connection to ${address} failed.`, { cause });
}

export function tooLong(address: string, mostBytes: number): ProbeFailed {
  return new ProbeFailed('unreadable', `The answer of ${address} is longer than ${mostBytes} bytes.`);
}
