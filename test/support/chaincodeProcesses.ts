import { readdirSync, readFileSync } from 'node:fs';

/** A chaincode's process that this process has started. */
export interface ServedChaincode {
  readonly pid: number;
  readonly port: number;
  /** The member that it works for. */
  readonly mspId: string;
}

/** Only Linux tells what other processes were started with. */
export const canListProcesses = process.platform === 'linux';

/** The chaincodes that are children of this process, at this moment. */
export function servedChaincodes(): readonly ServedChaincode[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const [, parent = ''] = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
        const [, port] = /--chaincode-address=[^:\0]*:(\d+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8')) ?? [];
        if (Number(parent) !== process.pid || port === undefined) return [];
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
        const [, mspId = ''] = /(?:^|\0)CORE_PEER_LOCALMSPID=([^\0]*)/.exec(environment) ?? [];
        return [{ pid: Number(pid), port: Number(port), mspId }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
}
