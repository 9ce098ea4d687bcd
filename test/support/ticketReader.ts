import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { shortRegistry, TICKET_REFUSALS, ticketKeyId } from '@tracecal/gateway-client/device';
import type { TicketReader } from '@tracecal/gateway-client/device';
import { temporaryFolder } from './temporaryFolder.js';

export const READER_FOLDER = resolve(__dirname, '..', '..', '..', 'gateway-client', 'ticket-reader');

const STRICT = ['-std=c99', '-Wall', '-Wextra', '-Werror', '-pedantic'];
const WATCHED = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-g'];

/** The reader in C, as a program of this machine; undefined, said out loud, where it cannot be made. */
export function readerInC(): ReaderInC | undefined {
  const folder = temporaryFolder();
  if (compile(folder, [], 'int main(void) { return 0; }') !== '') {
    console.warn('        skipped: there is no C compiler (cc) on PATH; it makes the reader of tickets.');
    return undefined;
  }
  if (compile(folder, ['-lcrypto'], '#include <openssl/core_names.h>\nint main(void) { return 0; }') !== '') {
    console.warn(
      "        skipped: OpenSSL's headers (version 3) are missing (apt-get install libssl-dev); the reader of tickets is tested with them.",
    );
    return undefined;
  }
  const isWatched = compile(folder, WATCHED, 'int main(void) { return 0; }') === '';
  const program = join(folder, 'ticket');
  const sources = ['ticket.c', 'openssl.c'].map((name) => join(READER_FOLDER, name));
  const made = spawnSync('cc', [...STRICT, ...(isWatched ? WATCHED : []), ...sources, '-lcrypto', '-o', program], {
    encoding: 'utf8',
  });
  return new ReaderInC(program, made.status === 0 ? '' : made.stderr, isWatched);
}

/** What a compiler says against it. */
function compile(folder: string, options: readonly string[], source: string): string {
  const file = join(folder, 'probe.c');
  writeFileSync(file, source);
  const { status, error } = spawnSync('cc', [file, ...options, '-o', join(folder, 'probe')]);
  return status === 0 && !error ? '' : 'no';
}

const ANSWERS = new Map<string, string>([
  ['0', 'accepted'],
  ...Object.entries(TICKET_REFUSALS).map(([name, number]) => [String(number), name] as const),
]);

export class ReaderInC {
  constructor(
    readonly program: string,
    /** What the compiler says; empty: nothing. */
    readonly complaints: string,
    readonly isWatched: boolean,
  ) {}

  /** Its answers to tickets, in their order. */
  answers(questions: readonly { readonly ticket: Uint8Array; readonly reader: TicketReader }[]): readonly string[] {
    const input = questions.map(({ ticket, reader }) => lineOf(ticket, reader)).join('\n');
    const { stdout, stderr, status } = spawnSync(this.program, { input: `${input}\n`, encoding: 'utf8' });
    if (status !== 0 || !existsSync(this.program)) {
      throw new Error(`the reader in C ended with ${String(status)}: ${stderr}`);
    }
    return stdout
      .trim()
      .split('\n')
      .map((line) => ANSWERS.get(line) ?? line);
  }
}

function lineOf(ticket: Uint8Array, { publicKey, device, registry, lastCounter, now }: TicketReader): string {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex') || '-';
  return [
    ...[publicKey, ticketKeyId(publicKey), shortRegistry(registry)].map(hex),
    device,
    lastCounter,
    now ?? '-',
    hex(ticket),
  ].join(' ');
}
