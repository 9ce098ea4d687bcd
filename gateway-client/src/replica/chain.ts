import { hexText } from '@tracecal/core/platform';
import {
  accessFromBlock,
  BlockError,
  headerHash,
  nextConfig,
  trustConfigBlock,
  verifyBlock,
  type TrustedConfig,
} from '@tracecal/ledger/block';
import type { ChannelAccess } from '@tracecal/ledger/policy';
import { examine, type Examined } from '@tracecal/ledger/validation';
import type { Block } from '@tracecal/ledger/wire';
import { clientError } from '../client/errors.js';
import type { TraceCalError } from '../client/index.js';
import type { Received } from './blockSource.js';

/** The configuration under which the next block of a channel is judged. */
export interface Rules {
  readonly trusted: TrustedConfig;
  readonly access: ChannelAccess;
}

/** The rules of a configuration block that the replica has verified before, or of the first one. @throws BlockError */
export function rulesOf(configBlock: Uint8Array, hash: Uint8Array): Rules {
  return { trusted: trustConfigBlock(configBlock, hash), access: accessFromBlock(configBlock) };
}

/** A block that the orderers signed, after the one before it. */
export interface OrderedBlock {
  readonly hash: string;
  readonly envelopes: readonly Uint8Array[];
  readonly examined: readonly Examined[];
  /** The rules after it. */
  readonly next: Rules;
}

/**
 * Verifies that a block belongs to the channel: its data, the quorum of the orderers, and whoever had to sign if it brings another
 * configuration.
 * @throws TraceCalError `BLOCK_FORGED` or `CONFIG_UNSIGNED`
 */
export function verified({ peer, bytes, block }: Received, rules: Rules): OrderedBlock {
  const number = block.header?.number ?? 0;
  try {
    const { hash, envelopes, isConfig } = verifyBlock(bytes, rules.trusted);
    const examined = envelopes.map((envelope) => examine(envelope, rules.access));
    const next = isConfig ? { trusted: nextConfig(bytes, rules.trusted), access: accessFromBlock(bytes) } : rules;
    return { hash: hexText(hash), envelopes, examined, next };
  } catch (error) {
    if (error instanceof BlockError) throw refusal(peer, number, error);
    throw error;
  }
}

function refusal(peer: string, number: number, cause: BlockError): TraceCalError {
  const code = cause.code === 'UNSIGNED_CONFIG' ? 'CONFIG_UNSIGNED' : 'BLOCK_FORGED';
  return clientError(code, `Block ${number} from the peer of ${peer}: ${cause.message}`, { cause });
}

/** The hash of a block's header, in hexadecimal. */
export function hashOf({ header }: Block): string {
  return header === undefined ? '' : hexText(headerHash(header));
}
