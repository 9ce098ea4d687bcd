import { get as httpGetOf } from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { get as httpsGetOf } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { printable } from '@tracecal/core/model';
import { TraceCalError } from './errors.js';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface HttpQuestion {
  /** Of the content, decompressed. */
  readonly mostBytes: number;
  /** From now to the last byte. */
  readonly timeoutMs: number;
  readonly accept?: string;
}

/**
 * Asks a site that nobody trusts for one text, and follows it nowhere else. It ends in its time also where the site sends a byte a
 * second: the deadline ends the connection itself. (The deadline of Node's `fetch` is lost when memory is collected while a body comes.)
 *
 * @throws TraceCalError `UNAVAILABLE`, `TIMED_OUT`, or `ANSWER_INVALID` if it says more than it may
 */
export async function httpGet(url: URL, { mostBytes, timeoutMs, accept }: HttpQuestion): Promise<HttpAnswer> {
  const get = url.protocol === 'https:' ? httpsGetOf : httpGetOf;
  const request = get(url, { headers: { 'accept-encoding': 'gzip', ...(accept !== undefined && { accept }) } });
  let isLate = false as boolean;
  const timer = setTimeout(
    () => {
      isLate = true;
      request.destroy();
    },
    Math.max(timeoutMs, 1),
  );
  try {
    const response = await answered(request);
    const { statusCode: status = 0, headers } = response;
    return { status, headers, text: await textOf(response, url, mostBytes) };
  } catch (cause) {
    if (isLate) {
      const words = `${url.origin} did not answer in ${secondsIn(timeoutMs)} s: try again.`;
      throw new TraceCalError('TIMED_OUT', words, { cause });
    }
    throw cause instanceof TraceCalError
      ? cause
      : new TraceCalError('UNAVAILABLE', `${url.origin} does not answer: ${reasonOf(cause)}.`, { cause });
  } finally {
    clearTimeout(timer);
    request.destroy();
  }
}

function answered(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve).on('error', reject);
  });
}

async function textOf(response: IncomingMessage, { href }: URL, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    let length = 0;
    for await (const chunk of source) {
      length += chunk.length;
      if (length > mostBytes) {
        throw new TraceCalError('ANSWER_INVALID', `${href} is larger than such a file may be.`);
      }
      chunks.push(chunk);
    }
  };
  switch (response.headers['content-encoding'] ?? 'identity') {
    case 'identity':
      await pipeline(response, collect);
      break;
    case 'gzip':
      await pipeline(response, createGunzip(), collect);
      break;
    default:
      throw new TraceCalError('ANSWER_INVALID', `${href} comes in an encoding that nobody asked for.`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function secondsIn(ms: number): number {
  return Math.ceil(ms) / 1000;
}

function reasonOf(cause: unknown): string {
  return printable(cause instanceof Error ? cause.message || cause.name : String(cause), 200);
}
