import { ApplicationError, unreadable } from '@tracecal/gateway-client/application';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { open } from 'node:fs/promises';
import { inspect } from 'node:util';

const LEAST_BYTES = 24;
const MOST_BYTES = 64;
/** A file may be longer by its prefix, by base64, and by spaces around. */
const MOST_FILE_BYTES = 256;
const PREFIX = 'whsec_';
const OTHERS = 0o077;

/** A secret that a sender of alerts and a receiver share. It is never written anywhere: neither as text nor as JSON. */
export class AlertSecret {
  readonly #key: Buffer;

  /** @param key 24 to 64 random bytes. @throws ApplicationError `INPUT_INVALID` with another length */
  constructor(key: Uint8Array) {
    if (key.length < LEAST_BYTES || key.length > MOST_BYTES) {
      throw new ApplicationError(
        'INPUT_INVALID',
        `A secret of alerts has ${LEAST_BYTES} to ${MOST_BYTES} bytes, this one has ${key.length}: make it with \`openssl rand -base64 32\`.`,
      );
    }
    this.#key = Buffer.from(key);
  }

  /** HMAC-SHA256 in base64. */
  sign(text: string): string {
    return this.#hmac(text).toString('base64');
  }

  /** Takes the same time wherever a wrong signature differs. */
  verifies(text: string, signature: string): boolean {
    const [own, other] = [this.#hmac(text), Buffer.from(signature, 'base64')];
    return own.length === other.length && timingSafeEqual(own, other);
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }

  #hmac(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text, 'utf8').digest();
  }
}

/**
 * A secret from a file: base64 of random bytes, also with `whsec_` before it.
 *
 * @throws ApplicationError `FILE_UNREADABLE`, or `INPUT_INVALID` if others can read the file or it holds no secret
 */
export async function readAlertSecret(path: string): Promise<AlertSecret> {
  const text = await privateText(path);
  const encoded = text.startsWith(PREFIX) ? text.slice(PREFIX.length) : text;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(encoded)) {
    throw new ApplicationError(
      'INPUT_INVALID',
      `${path} holds no secret in base64: make it with \`openssl rand -base64 32\`.`,
    );
  }
  return new AlertSecret(Buffer.from(encoded, 'base64'));
}

async function privateText(path: string): Promise<string> {
  const file = await open(path).catch((cause: unknown) => {
    throw new ApplicationError('FILE_UNREADABLE', unreadable(path, cause), { cause });
  });
  try {
    const stat = await file.stat();
    if (!stat.isFile() || stat.size > MOST_FILE_BYTES) {
      throw new ApplicationError('INPUT_INVALID', `${path} is no file with a secret: name one of a single line.`);
    }
    if ((stat.mode & OTHERS) !== 0) {
      throw new ApplicationError('INPUT_INVALID', `Others can use the secret in ${path}: run \`chmod 600\` on it.`);
    }
    return (await file.readFile('utf8')).trim();
  } finally {
    await file.close();
  }
}
