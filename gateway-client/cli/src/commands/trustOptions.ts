import { TraceCalError, readTrustFile } from '@tracecal/gateway-client';
import type { Trust } from '@tracecal/gateway-client';
import type { Command } from 'commander';
import type { DataDirectory } from '../data/dataDirectory.js';
import { upTo } from '../parse.js';
import type { Style } from '../style.js';
import { table } from '../view/table.js';

export interface TrustOptions {
  readonly trust?: string;
}

/** Options of the commands that change a trust file. */
export interface TrustChangeOptions extends TrustOptions {
  readonly heartbeats?: number;
}

const MOST_ROOTS = 1000;

export function trustOption(command: Command): Command {
  return command.option('--trust <file>', 'the trust file (default: trust.json in the data directory)');
}

export function trustChangeOptions(command: Command): Command {
  return trustOption(command).option(
    '--heartbeats <k>',
    'how many of the roots must have a heartbeat as recent as a question asks (default: as before; 1 in a new file)',
    upTo(MOST_ROOTS),
  );
}

export function trustPath({ trust }: TrustOptions, data: DataDirectory): string {
  return trust ?? data.trustFile;
}

/** The content of a trust file, or undefined if there is no file. @throws TraceCalError `TRUST_INVALID` */
export async function trustIfFound(path: string): Promise<Trust | undefined> {
  try {
    return await readTrustFile(path);
  } catch (error) {
    if (error instanceof TraceCalError && error.code === 'TRUST_MISSING') {
      return undefined;
    }
    throw error;
  }
}

/** The trust for a query: from the named file, or from the data directory's file if there is one. */
export async function trustForQuestion({ trust }: TrustOptions, data: DataDirectory): Promise<Trust | undefined> {
  return trust === undefined ? trustIfFound(data.trustFile) : readTrustFile(trust);
}

/** A trust file as a table, with its rule for heartbeats. */
export function describeTrust({ roots, heartbeats: { k } }: Trust, style: Style): string {
  const columns = (['name', 'sha256'] as const).map((title) => ({
    title,
    of: (root: Trust['roots'][number]) => root[title],
  }));
  const counted = roots.length === 1 ? 'the root' : `${k} of ${roots.length} roots`;
  return [
    table(columns, roots, style),
    '',
    `Where a question asks for recent heartbeats (--max-age), ${counted} must have one.`,
  ].join('\n');
}
