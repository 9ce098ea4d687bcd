import { inForce, TraceCalError, readTrustFile, trustedRoots, trustFingerprint } from '@tracecal/gateway-client';
import type { TraceQuestion, Trust } from '@tracecal/gateway-client';
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

export const MOST_ROOTS = 1000;

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
  const found = trust === undefined ? await trustIfFound(data.trustFile) : await readTrustFile(trust);
  return found && inForce(found);
}

/** The trust for a replica: from the named file, or from the data directory's file if that names a channel. */
export async function channelTrust(options: TrustOptions, data: DataDirectory): Promise<Trust | undefined> {
  const found = await trustForQuestion(options, data);
  return found?.channel || options.trust !== undefined ? found : undefined;
}

/** What a question takes from a trust file if it asks for no heartbeats. */
export function rootsAsked(trust: Trust): Pick<TraceQuestion, 'roots' | 'registry'> {
  const { registry } = trust;
  return { roots: trustedRoots(trust), ...(registry !== undefined && { registry }) };
}

/** A trust file as a table, with its rules, and with what to compare by telephone. */
export function describeTrust(trust: Trust, style: Style): string {
  const { roots, heartbeats, registry, endorsers, channel, validity } = trust;
  const { k } = heartbeats;
  const columns = (['name', 'sha256'] as const).map((title) => ({
    title,
    of: (root: Trust['roots'][number]) => root[title],
  }));
  const counted = roots.length === 1 ? 'the root' : `${k} of ${roots.length} roots`;
  return [
    table(columns, roots, style),
    '',
    `Where a question asks for recent heartbeats (--max-age), ${counted} must have one.`,
    ...(registry === undefined ? [] : [`The registry is ${registry}.`]),
    ...(endorsers ? [endorsersText(endorsers)] : []),
    ...(channel
      ? [`The channel is ${channel.name}, begun with ${channel.genesis}, at configuration ${channel.sequence}.`]
      : []),
    ...(validity ? [`It may be used from ${validity.from} until ${validity.to}.`] : []),
    `Its fingerprint is ${style.bold(trustFingerprint(trust))}.`,
  ].join('\n');
}

function endorsersText({ k, engine, organisations }: NonNullable<Trust['endorsers']>): string {
  const named = organisations.map(({ mspId }) => mspId).join(', ');
  const machine = engine === 'embedded' ? ' They run on an embedded network: one machine, which counts once.' : '';
  return `For the tier endorsed, peers of ${k} of these must agree: ${named}.${machine}`;
}
