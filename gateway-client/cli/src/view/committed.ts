import type { Committed } from '@tracecal/gateway-client';
import type { Style } from '../style.js';
import { wrap } from '../text/wrap.js';

/** What `--json` says about a committed transaction. */
export function committedJson({ txId, blockNumber, endorsedBy }: Committed<unknown>) {
  return { txId, blockNumber: Number(blockNumber), endorsedBy };
}

/** Evidence: where on the ledger it is, who endorsed it, and its whole id: what `tracecal outcome` asks about. */
export function committedLines({ txId, blockNumber, endorsedBy }: Committed<unknown>, style: Style): readonly string[] {
  const where = `block ${String(blockNumber)}, endorsed by ${endorsedBy.join(', ')}`;
  return [where, `transaction ${txId}`].flatMap((line) => wrap(style.dim(line), style.columns));
}
