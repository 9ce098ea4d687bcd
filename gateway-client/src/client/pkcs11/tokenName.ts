import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { clientError } from '../errors.js';
import type { Pkcs11Options } from './pkcs11Options.js';

const SCHEME = 'pkcs11:';
const MOST_CHARACTERS = 4096;
const MOST_PIN_BYTES = 256;

/** Whether a key is named as one in a token: `pkcs11:...` (RFC 7512). */
export function isTokenName(name: string): boolean {
  return name.startsWith(SCHEME);
}

/** Attributes of RFC 7512 that are understood. Others could name another key than the one that is found without them. */
const PATH = ['token', 'serial', 'slot-id', 'object', 'id', 'type'] as const;
const QUERY = ['module-path', 'pin-source'] as const;

/**
 * What a name of a key in a token says. The PIN itself never stands in it, because command lines are seen by others: it comes from
 * `TRACECAL_PIN`, or from a file that only its owner can read (`pin-source=file:...`).
 *
 * @throws TraceCalError `TOKEN_KEY_INVALID`, `TOKEN_PIN_REFUSED`
 */
export async function tokenOptions(name: string, environment: NodeJS.ProcessEnv): Promise<Pkcs11Options> {
  const [path = '', query = '', ...more] = name.slice(SCHEME.length).split('?');
  if (name.length > MOST_CHARACTERS || more.length > 0) {
    throw refused('it is too long, or has more than one question mark');
  }
  const named = attributes(path, ';', PATH);
  const asked = attributes(query, '&', QUERY);
  if ((textOf(named.get('type')) ?? 'private') !== 'private') {
    throw refused('type is not private');
  }
  const id = named.get('id');
  return {
    module: moduleFrom(textOf(asked.get('module-path')), environment),
    ...given('token', textOf(named.get('token'))),
    ...given('serial', textOf(named.get('serial'))),
    ...given('slot', slotFrom(textOf(named.get('slot-id')))),
    ...given('label', textOf(named.get('object'))),
    ...(id && { id }),
    pin: await pinFrom(textOf(asked.get('pin-source')), environment),
  };
}

function moduleFrom(path: string | undefined, environment: NodeJS.ProcessEnv): string {
  const module = path ?? environment['TRACECAL_PKCS11_MODULE'] ?? '';
  if (module === '') {
    throw refused('module-path is missing, and TRACECAL_PKCS11_MODULE is not set');
  }
  return module;
}

function slotFrom(text: string | undefined): number | undefined {
  if (text !== undefined && !/^\d{1,10}$/.test(text)) {
    throw refused('slot-id is not a number');
  }
  return text === undefined ? undefined : Number(text);
}

function given<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, V>);
}

function attributes(text: string, separator: string, known: readonly string[]): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (const part of text === '' ? [] : text.split(separator)) {
    const [, name = '', value = ''] = /^([a-z0-9-]+)=(.*)$/s.exec(part) ?? [];
    if (name === 'pin-value') {
      throw refused(
        'a PIN must not stand in it, where others can see it: set TRACECAL_PIN, or name a file with pin-source',
      );
    }
    // Neither the value nor a name that is not known is repeated: somebody may have put a PIN there.
    if (!known.includes(name) || found.has(name)) {
      throw refused(`it has something else than ${known.join(', ')}, or one of them twice`);
    }
    found.set(name, decoded(value));
  }
  return found;
}

/** Bytes: an id is binary. */
function decoded(value: string): Buffer {
  if (!/^(?:[^%\p{Cc}]|%[0-9A-Fa-f]{2})*$/u.test(value)) {
    throw refused('a percent sign stands before something else than two hexadecimal digits');
  }
  const parts = value.split(/(%[0-9A-Fa-f]{2})/);
  return Buffer.concat(
    parts.map((part) => (part.startsWith('%') ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part, 'utf8'))),
  );
}

function textOf(bytes: Buffer | undefined): string | undefined {
  return bytes?.toString('utf8');
}

/** @throws TraceCalError `TOKEN_KEY_INVALID`, `TOKEN_PIN_REFUSED`; no message ever repeats a PIN */
async function pinFrom(source: string | undefined, environment: NodeJS.ProcessEnv): Promise<string> {
  if (source === undefined) {
    const pin = environment['TRACECAL_PIN'];
    if (pin === undefined || pin === '') {
      throw clientError('TOKEN_PIN_REFUSED', 'No PIN is set.');
    }
    return pin;
  }
  const path = pathOf(source);
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw clientError('TOKEN_PIN_REFUSED', `${path} cannot be read.`, { cause });
  });
  try {
    const { mode, size } = await file.stat();
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw clientError('TOKEN_PIN_REFUSED', `${path} can be read by others: remove their permissions (chmod 600).`);
    }
    if (size === 0 || size > MOST_PIN_BYTES) {
      throw clientError('TOKEN_PIN_REFUSED', `${path} does not hold a PIN.`);
    }
    return (await file.readFile('utf8')).replace(/\r?\n$/, '');
  } finally {
    await file.close();
  }
}

function pathOf(source: string): string {
  if (source.startsWith('file:///')) {
    return fileURLToPath(source);
  }
  if (!source.startsWith('file:')) {
    throw refused('pin-source is not a file: write file:FILE');
  }
  return source.slice('file:'.length);
}

function refused(why: string) {
  return clientError('TOKEN_KEY_INVALID', `${why.charAt(0).toUpperCase()}${why.slice(1)}.`);
}
