import { canonicalJson, instantOf } from '@tracecal/core/model';
import type { ReadCount, UnusualReads } from '@tracecal/gateway-client/monitor';
import { createHash } from 'node:crypto';
import type { Finding } from '../model/index.js';

/** An unusual month of reads as a finding about its reader. Its evidence is the SHA-256 of the canonical JSON of the month's counts. */
export function readsFinding(unusual: UnusualReads, counts: readonly ReadCount[]): Finding {
  const { name, identity, channel, month, says } = unusual;
  const own = counts
    .filter((each) => each.identity === identity && each.channel === channel && each.day.startsWith(`${month}-`))
    .sort((one, other) => (one.day < other.day ? -1 : 1));
  const next = new Date(`${month}-01T00:00:00Z`);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return {
    name,
    subject: { kind: 'reader', id: identity },
    says,
    evidence: [createHash('sha256').update(canonicalJson(own)).digest('hex')],
    from: `${month}-01T00:00:00Z`,
    to: instantOf(next.getTime()),
  };
}
