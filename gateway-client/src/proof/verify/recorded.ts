import { instantOf, millisecondsOf, TIME_WINDOW_MS } from '@tracecal/core/model';
import type { Instant } from '@tracecal/core/model';
import { rootOf } from '@tracecal/core/signing';
import type { Evidence } from '@tracecal/core/trace';
import { verifyBlock } from '@tracecal/ledger/block';
import type { TrustedConfig, VerifiedBlock } from '@tracecal/ledger/block';
import * as z from '@tracecal/core/shape';
import { configurationOf } from '../../client/trust/channel.js';
import { anchorIn } from './anchorTransaction.js';
import type { AnchorTransaction } from './anchorTransaction.js';
import { bytesIn, bytesShape } from './bytes.js';
import { configurationFor, demandNothingUnsigned } from './configurations.js';
import type { EndorsedAsked } from './endorsed.js';
import { nextHeartbeat } from './nextHeartbeat.js';
import type { NextHeartbeat } from './nextHeartbeat.js';
import { recordedLeaf } from './recordedLeaf.js';
import { carried, demand, NotShown, shown } from './shown.js';
import type { Tier } from './tiers.js';

const MOST_CONFIGURATIONS = 4096;
/** A path of so many steps leads through more leaves than anybody counts. */
const MOST_STEPS = 52;

/** Where the ledger holds a root that this bundle leads to. */
export interface RecordedProof {
  /** 32 bytes in hex: nobody who sees only the tree can guess what is in it. */
  readonly salt: string;
  /** The place among the leaves, how many there are, and the path to the root (RFC 9162). */
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
  /** The block with that root, without the metadata that nobody signs, in base64. */
  readonly block: string;
  /** Configuration blocks of the channel, in order, in the same form. */
  readonly configurations: readonly string[];
  /** The transaction of the next heartbeat that names an epoch which was sealed after the block, in base64: an envelope. */
  readonly heartbeat?: string;
}

const digest = z.string().check(z.regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'));

export const recordedShape = z.strictObject({
  salt: digest,
  index: z.int().check(z.minimum(0)),
  size: z.int().check(z.minimum(1)),
  path: z.array(digest).check(z.maxLength(MOST_STEPS)),
  block: bytesShape,
  configurations: z.array(bytesShape).check(z.maxLength(MOST_CONFIGURATIONS)),
  heartbeat: z.optional(bytesShape),
});

export interface RecordedAsked extends Pick<EndorsedAsked, 'channel' | 'endorsers'> {
  /** Whose heartbeats count: SHA-256 of root certificates, hex. */
  readonly roots: readonly string[];
}

/** What the orderers of a channel answer for: that the bundle existed when they made a block. */
export function recordedIn(
  bundle: { readonly evidence: Evidence; readonly recorded?: RecordedProof },
  { channel, endorsers, roots }: RecordedAsked,
): Promise<Tier> | undefined {
  const { recorded, evidence } = bundle;
  if (!recorded) return undefined;
  return shown(async () => {
    demand(channel !== undefined, 'your trust file does not name a channel with its configuration (`channel`)');
    demand(evidence.channel === channel.name, `it was recorded in the channel ${JSON.stringify(evidence.channel)}`);
    const { salt, index, size, path } = recorded;
    const root = rootOf(recordedLeaf(bundle, salt), index, size, path);
    demand(root !== undefined, 'its path leads to no root');
    const block = bytesIn(recorded.block);
    const config = configurationFor(block, recorded.configurations.map(bytesIn), channel);
    const verified = carried('its block is not accepted', () => {
      demandNothingUnsigned(block);
      return verifyBlock(block, config);
    });
    const anchor = carried('its transaction is not accepted', () => anchorIn(verified.envelopes, root, config));
    const heartbeat =
      recorded.heartbeat === undefined
        ? undefined
        : await heartbeatIn(bytesIn(recorded.heartbeat), verified, {
            evidence,
            roots,
            // The heartbeat comes later, perhaps under the configuration that is trusted now.
            configs: [config, configurationOf(channel)],
          });
    return recordedTier(anchor, { config, verified, size, engine: endorsers?.engine, heartbeat });
  });
}

/** @throws NotShown */
async function heartbeatIn(
  envelope: Uint8Array,
  { header: { number } }: VerifiedBlock,
  known: Parameters<typeof nextHeartbeat>[2],
): Promise<NextHeartbeat> {
  try {
    return await nextHeartbeat(envelope, number, known);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw new NotShown(`its heartbeat is not accepted: ${why}`);
  }
}

interface Where {
  readonly config: TrustedConfig;
  readonly verified: VerifiedBlock;
  readonly size: number;
  readonly engine: string | undefined;
  readonly heartbeat: NextHeartbeat | undefined;
}

function recordedTier(
  { time, endorsers }: AnchorTransaction,
  { config: { channelId, orderers }, verified: { header, signers }, size, engine, heartbeat }: Where,
): Tier {
  const { consenters, tolerated } = orderers;
  const among = size === 1 ? 'alone' : `among ${size}`;
  const machine = engine === 'embedded' ? ' (an embedded network: one machine signs as all of them)' : '';
  const earliest = instantOf(millisecondsOf(time) - TIME_WINDOW_MS);
  const faulty = tolerated === 0 ? 'of whom none may be faulty' : `of whom ${tolerated} may be faulty`;
  return {
    holds: true,
    shows:
      `it stood, ${among}, in block ${header.number} of ${channelId}, signed by ${signers.length} of ${consenters} orderers${machine}, ${faulty}; ` +
      `valid by the endorsements of ${endorsers.join(', ')}, whose honest peers answered within 15 minutes of ${time}; ` +
      betweenWords(earliest, heartbeat),
    notBefore: earliest,
    ...(heartbeat && { notAfter: heartbeat.time }),
    by: [...new Set(signers.map(({ mspId }) => mspId))].sort(),
  };
}

/** No orderer vouches for a time: the endorsers do for the earliest, and an institute for the latest. */
function betweenWords(earliest: Instant, heartbeat: NextHeartbeat | undefined): string {
  if (heartbeat === undefined) {
    return `recorded after ${earliest}, as these say; nobody says by when: no orderer vouches for a time, and the bundle brings no later heartbeat`;
  }
  const { institute, epoch, time, sealedIn, endorsers } = heartbeat;
  return (
    `recorded between ${earliest}, as these say, and ${time}, when ${institute} signed its heartbeat over epoch ${epoch}, ` +
    `which was sealed later, in block ${sealedIn}, as peers of ${endorsers.join(', ')} found; no orderer vouches for a time`
  );
}
