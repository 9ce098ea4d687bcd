import { request as plain } from 'node:http';
import { request as encrypted } from 'node:https';
import type { AlertTarget } from './target.js';

/** How an attempt ended: delivered, or why not, in words that hold nothing of the URL, the secret or the answer. */
export type Attempt = { readonly delivered: true } | { readonly delivered: false; readonly why: string };

/**
 * Posts once. No redirect is followed, the body of the answer is not read, and it ends within the time.
 *
 * @param signal Ends it early.
 */
export function post(
  { url, authorities }: Pick<AlertTarget, 'url' | 'authorities'>,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<Attempt> {
  const ending = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? encrypted : plain;
    const request = send(url, {
      method: 'POST',
      agent: false,
      signal: signal ? AbortSignal.any([ending, signal]) : ending,
      ...(authorities !== undefined && { ca: authorities }),
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'tracecal-monitor',
      },
    });
    request.on('response', (response) => {
      resolve(byStatus(response.statusCode ?? 0));
      response.destroy();
    });
    request.on('error', (error: Error & { readonly code?: string }) => {
      resolve({ delivered: false, why: ending.aborted ? `no answer within ${timeoutMs} ms` : failed(error.code) });
    });
    request.end(body);
  });
}

function byStatus(status: number): Attempt {
  if (status >= 200 && status < 300) return { delivered: true };
  if (status >= 300 && status < 400) return { delivered: false, why: `answered ${status}: redirects are not followed` };
  return { delivered: false, why: `answered ${status}` };
}

function failed(code: string | undefined): string {
  return /^[A-Z0-9_]{1,60}$/.test(code ?? '') ? `the connection failed (${code ?? ''})` : 'the connection failed';
}
