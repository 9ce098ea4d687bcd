import { setTimeout as pause } from 'node:timers/promises';
import { ApplicationError } from '../errors.js';
import type { Sink } from './outbox.js';

export interface WebhookLimits {
  readonly timeoutMs: number;
  /** Pauses before further tries. */
  readonly retryMs: readonly number[];
}

const LIMITS: WebhookLimits = { timeoutMs: 10_000, retryMs: [1000, 3000] };

/** The address of a webhook. @throws ApplicationError `USAGE` if it is not http or https */
export function webhookUrl(given: string): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw new ApplicationError('USAGE', 'Write the address of a webhook like https://example.org/hook.');
  }
  return url;
}

/**
 * Posts each notice as JSON. A redirect counts as a failure: the user named one address, not the server it redirects to.
 *
 * @param url - Its user and password, if any, are sent as Basic authentication.
 * @returns A sink that throws once all tries have failed. Its message names only the server of the address: the rest can be a secret.
 */
export function webhookSink(url: URL, { timeoutMs, retryMs }: WebhookLimits = LIMITS): Sink {
  return async (notice) => {
    const body = JSON.stringify(notice);
    let why = await post(url, body, timeoutMs);
    for (const ms of retryMs) {
      if (why === undefined) {
        return;
      }
      await pause(ms);
      why = await post(url, body, timeoutMs);
    }
    if (why !== undefined) {
      throw new Error(`${url.origin} did not take it: ${why}`);
    }
  };
}

/** `fetch` takes no address with a user in it. */
function withoutUser(url: URL): URL {
  const bare = new URL(url);
  [bare.username, bare.password] = ['', ''];
  return bare;
}

function authorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') {
    return {};
  }
  const credentials = [username, password].map(decodeURIComponent).join(':');
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

/** @returns Why it failed, or undefined if it was taken. */
async function post(url: URL, body: string, timeoutMs: number): Promise<string | undefined> {
  try {
    const answer = await fetch(withoutUser(url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization(url) },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    // Ignore the body, which may be long: only the status counts.
    await answer.body?.cancel();
    return answer.ok ? undefined : `it answered ${answer.status}`;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') {
      return `no answer within ${timeoutMs / 1000} s`;
    }
    return 'it cannot be reached';
  }
}
