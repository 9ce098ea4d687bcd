import { ApplicationError } from '@tracecal/gateway-client/application';
import type { AlertSecret } from './secret.js';

/** Headers of an alert, as Standard Webhooks names them: libraries of receivers know them. */
export const ALERT_HEADERS = {
  /** The same for each attempt: whoever has seen it drops the alert. */
  id: 'webhook-id',
  /** Seconds since 1970 at which this attempt was signed. */
  timestamp: 'webhook-timestamp',
  /** `v1,` and the HMAC-SHA256 over `id.timestamp.body` in base64; several are separated by spaces. */
  signature: 'webhook-signature',
} as const;

const VERSION = 'v1,';
const USUAL_TOLERANCE_SECONDS = 300;

/** The headers that sign one attempt. */
export function signedHeaders(
  secret: AlertSecret,
  { id, body, seconds }: { readonly id: string; readonly body: string; readonly seconds: number },
): Record<string, string> {
  return {
    [ALERT_HEADERS.id]: id,
    [ALERT_HEADERS.timestamp]: String(seconds),
    [ALERT_HEADERS.signature]: `${VERSION}${secret.sign(signedText(id, seconds, body))}`,
  };
}

/** An alert as a receiver got it. */
export interface ReceivedAlert {
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Exactly the bytes that came, as UTF-8: not parsed and written again. */
  readonly body: string;
}

export interface AlertVerification {
  /** While a secret is replaced both are valid. */
  readonly secrets: readonly AlertSecret[];
  /** Milliseconds since 1970: now by default. */
  readonly now?: number;
  /** How far the two clocks may differ, with the time on the way: 300 by default. */
  readonly toleranceSeconds?: number;
}

/**
 * For receivers: checks who sent an alert and when. Deduplicate by the id that it returns, since an alert can come more than once.
 *
 * @throws ApplicationError `INPUT_INVALID` if a header is missing, the time is too far from now, or no signature holds
 * @example
 * const { id } = verifyAlert({ headers: request.headers, body }, { secrets: [await readAlertSecret('alerts.secret')] });
 */
export function verifyAlert(
  { headers, body }: ReceivedAlert,
  { secrets, now = Date.now(), toleranceSeconds = USUAL_TOLERANCE_SECONDS }: AlertVerification,
): { readonly id: string } {
  const [id, timestamp, signatures] = [ALERT_HEADERS.id, ALERT_HEADERS.timestamp, ALERT_HEADERS.signature].map((name) =>
    headerOf(headers, name),
  ) as [string, string, string];
  const seconds = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (!(Math.abs(now / 1000 - seconds) <= toleranceSeconds)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `The alert was signed more than ${toleranceSeconds} s from now: it is a replay, or a clock is wrong.`,
    );
  }
  const text = signedText(id, seconds, body);
  const offered = signatures
    .split(' ')
    .flatMap((each) => (each.startsWith(VERSION) ? [each.slice(VERSION.length)] : []));
  if (!offered.some((signature) => secrets.some((secret) => secret.verifies(text, signature)))) {
    throw new ApplicationError('INPUT_INVALID', 'No signature of the alert holds: reject it, and compare the secrets.');
  }
  return { id };
}

function headerOf(headers: ReceivedAlert['headers'], name: string): string {
  const value = headers[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new ApplicationError('INPUT_INVALID', `The alert has no header ${name}: reject it.`);
}

function signedText(id: string, seconds: number, body: string): string {
  return `${id}.${seconds}.${body}`;
}
