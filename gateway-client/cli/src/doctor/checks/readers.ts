import { dateOf, instantOf, plusDays } from '@tracecal/core/model';
import { unverifiedReaderKey } from '@tracecal/core/trace';
import { publicReaderKey, readerKeyId } from '@tracecal/gateway-client';
import { ReaderKeys } from '@tracecal/gateway-client/application';
import { SOON_DAYS } from '../check.js';
import type { Check, Finding } from '../check.js';

/** Readers' private keys can be used and are readable by their owner alone, and no key that is here has passed its last day. */
export const readers: Check = {
  name: 'readers',
  async run({ data, now }) {
    const keys = new ReaderKeys(data.keys, data.content);
    const own = await keys.all();
    const known = await keys.known();
    const today = dateOf(instantOf(now.getTime()));
    const soon = plusDays(today, SOON_DAYS);
    const findings: Finding[] = [];
    for (const organisation of known) {
      const { content } = unverifiedReaderKey((await keys.signed(organisation)) ?? '');
      const isOwn = own.some((key) => readerKeyId(publicReaderKey(key)) === readerKeyId(content.key));
      if (content.until <= soon) {
        const message = `the reader's key of ${organisation} ${content.until < today ? 'ended' : 'ends'} on ${content.until}: nothing is encrypted to it after that day`;
        const next = isOwn ? { next: `tracecal keys make --as ${organisation}` } : {};
        findings.push({ level: 'warn', message, ...next });
      }
    }
    return findings.length > 0 ? findings : [{ level: 'ok', message: counted(known.length, own.length) }];
  },
};

function counted(known: number, own: number): string {
  const all = known === 1 ? "1 reader's key" : `${known} readers' keys`;
  return known === 0 && own === 0
    ? "no reader's key is here, and none is needed for public reports"
    : `${all}, ${own} private`;
}
