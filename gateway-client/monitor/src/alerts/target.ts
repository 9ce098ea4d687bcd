import { ApplicationError } from '@tracecal/gateway-client/application';
import { isIPv4 } from 'node:net';
import type { AlertSecret } from './secret.js';

/** Somebody who gets alerts. */
export interface AlertTarget {
  /** The operator's word for it: in the outbox, in metrics and in messages. */
  readonly name: string;
  readonly url: URL;
  readonly secret: AlertSecret;
  /** Certificates (PEM) that an HTTPS receiver may have been issued by; absent: those that Node knows. */
  readonly authorities?: string;
}

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** @throws ApplicationError `INPUT_INVALID`; it does not repeat the URL, whose path may be a secret */
export function alertTarget({ url, ...target }: Omit<AlertTarget, 'url'> & { readonly url: string }): AlertTarget {
  if (!NAME.test(target.name)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      'A receiver of alerts needs a name of lower-case words, like "control-room".',
    );
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isAllowed = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.hostname));
  if (!parsed || !isAllowed || parsed.username !== '' || parsed.password !== '') {
    throw new ApplicationError(
      'INPUT_INVALID',
      `The URL of receiver ${target.name} is not allowed: give an https URL without user and password, or http on this machine.`,
    );
  }
  return { ...target, url: parsed };
}

/** By number: a name such as `localhost` could lead elsewhere. */
function isLoopback(host: string): boolean {
  return host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}
