import type { EpochDigestAnswer, HeadAnswer, Page, RegistryAnswer } from '@tracecal/core/contracts';
import type { LoggedTransaction } from '@tracecal/core/model';
import { epochText, headText } from '@tracecal/gateway-client/proof/verify';
import type { LogFiles } from '@tracecal/gateway-client/proof/verify';
import type { MemoryLedger } from './memoryLedger.js';
import { ask } from './registry.js';

/** The change log of a ledger in memory, as static files. */
export async function logOf(ledger: MemoryLedger): Promise<LogTexts> {
  const head = await ask<HeadAnswer>(ledger, 'getHead');
  const { founding } = await ask<RegistryAnswer>(ledger, 'getRegistry');
  const epochs: string[] = [];
  let previous = founding;
  for (let epoch = 0; epoch < head.epoch.number; epoch += 1) {
    const { items } = await ask<Page<LoggedTransaction>>(ledger, 'getChanges', { epoch, pageSize: 200 });
    epochs.push(epochText({ channel: ledger.channel, epoch, previous, transactions: items }));
    previous = (await ask<EpochDigestAnswer>(ledger, 'getEpochDigest', String(epoch))).digest;
  }
  return new LogTexts(headText(head), epochs);
}

/** A change log by its texts. */
export class LogTexts implements LogFiles {
  constructor(
    readonly headText: string,
    readonly epochs: readonly (string | undefined)[],
  ) {}

  head(): Promise<string> {
    return Promise.resolve(this.headText);
  }

  epoch(number: number): Promise<string | undefined> {
    return Promise.resolve(this.epochs[number]);
  }

  /** The same log with another text for an epoch; undefined: without it. */
  with(epoch: number, text: string | undefined): LogTexts {
    return new LogTexts(
      this.headText,
      this.epochs.map((own, number) => (number === epoch ? text : own)),
    );
  }
}
