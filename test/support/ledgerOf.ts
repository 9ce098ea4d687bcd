import type { Committed, Ledger } from '@tracecal/gateway-client';
import type { MemoryCaller, MemoryLedger } from './memoryLedger.js';

/** A contract in memory as the SDK sees one on a network, through a member's gateway. */
export function ledgerOf(memory: MemoryLedger, caller: MemoryCaller): Ledger {
  const ledger: Pick<Ledger, 'channel' | 'evaluate' | 'submit' | 'outcome'> = {
    channel: memory.channel,
    async evaluate(transaction, ...args) {
      return Buffer.from(await memory.evaluate(transaction, ...args));
    },
    async submit(transaction, { arguments: args = [] }): Promise<Committed<Uint8Array>> {
      const { answer, txId } = await memory.submit(caller, transaction, ...args.map(String));
      return { txId, blockNumber: 1n, result: Buffer.from(answer), endorsedBy: [caller.mspId] };
    },
    outcome: (txId) => Promise.resolve({ state: 'committed', txId, blockNumber: 1n }),
  };
  return ledger as Ledger;
}
