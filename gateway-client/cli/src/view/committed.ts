import type { Committed } from '@tracecal/gateway-client';
import type { Style } from '../style.js';

/** What `--json` says about a committed transaction. */
export function committedJson({ txId, blockNumber, endorsedBy }: Committed<unknown>) {
  return { txId, blockNumber: Number(blockNumber), endorsedBy };
}

/** One line of evidence: where on the ledger it is, and who endorsed it. */
export function committedLine({ txId, blockNumber, endorsedBy }: Committed<unknown>, style: Style): string {
  return style.dim(
    `block ${String(blockNumber)}, transaction ${txId.slice(0, 16)}…, endorsed by ${endorsedBy.join(', ')}`,
  );
}
