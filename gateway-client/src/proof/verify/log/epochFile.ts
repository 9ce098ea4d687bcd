import { chainedDigest, RegistryError } from '@tracecal/core/model';
import type { LoggedTransaction } from '@tracecal/core/model';
import { requireText } from './shapes.js';

const TYPE = 'tracecal-log/1';
const HEADER = /^(\S+) (\S{1,249}) (\d{1,15}) ([0-9a-f]{64})$/;
const TRANSACTION = /^[\w-]{1,128}(?: [0-9a-f]{64})+$/;

/** A sealed epoch of the change log. */
export interface EpochLog {
  readonly channel: string;
  readonly epoch: number;
  /** The chained digest of everything before it, hex. */
  readonly previous: string;
  readonly transactions: readonly LoggedTransaction[];
}

/** The file of an epoch: what it follows, then one line a transaction: its id, and its lines of the log. */
export function epochText({ channel, epoch, previous, transactions }: EpochLog): string {
  return [
    `${TYPE} ${channel} ${epoch} ${previous}`,
    ...transactions.map(({ txId, lines }) => [txId, ...lines].join(' ')),
    '',
  ].join('\n');
}

/** The chained digest of everything up to and with an epoch, hex: what heartbeats sign. */
export function digestOf({ previous, transactions }: EpochLog): string {
  return chainedDigest(previous, transactions);
}

/** @throws RegistryError `VERSION_UNKNOWN` or `INPUT_INVALID` */
export function readEpoch(text: string): EpochLog {
  requireText('file of an epoch', text);
  const [header = '', ...rest] = text.split('\n');
  const [, type = '', channel = '', number = '', previous = ''] = HEADER.exec(header) ?? [];
  if (/^tracecal-log\/\d{1,9}$/.test(type) && type !== TYPE) {
    throw new RegistryError(
      'VERSION_UNKNOWN',
      `the file of an epoch is of type "${type}"; this version knows ${TYPE}.`,
    );
  }
  if (type !== TYPE || rest.pop() !== '') {
    throw refused('is no epoch of a change log, or a part of one');
  }
  const transactions = rest.map((line, place) => {
    if (!TRANSACTION.test(line)) {
      throw refused(`has no transaction in line ${place + 2}`);
    }
    const [txId = '', ...lines] = line.split(' ');
    return { txId, lines };
  });
  if (transactions.some(({ txId }, place) => place > 0 && txId <= (transactions[place - 1]?.txId ?? ''))) {
    throw refused('has its transactions in another order');
  }
  return { channel, epoch: Number(number), previous, transactions };
}

function refused(why: string): RegistryError {
  return new RegistryError('INPUT_INVALID', `the file ${why}: take it as it was published.`);
}
