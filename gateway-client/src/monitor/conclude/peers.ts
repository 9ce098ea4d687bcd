import type { Finding } from '@tracecal/core/contracts';
import type { Instant } from '@tracecal/core/model';
import { evidenceOf } from './evidence.js';

/** An organisation as the configuration of a channel names it. */
export interface ChannelMember {
  /** MSP id. */
  readonly organisation: string;
  /** SHA-256 of each root and intermediate certificate of its authority: whoever has such a key makes identities. */
  readonly authorities: readonly string[];
  /** `host:port` of its peers or orderers that are known. */
  readonly addresses: readonly string[];
}

/** Who was in a channel at a moment. */
export interface ChannelSeen {
  readonly channel: string;
  readonly time: Instant;
  /** SHA-256 of the block with its configuration. */
  readonly evidence: string;
  readonly members: readonly ChannelMember[];
}

const NEW = {
  'new-organisation': 'organisation',
  'new-authority': 'certificate authority',
  'new-peer': 'address',
} as const;

/**
 * What is in a channel that was not there: an organisation, an authority of a known one, an address of its nodes. A member that joins openly is
 * expected; anything else may be somebody who has got in.
 *
 * @param expected MSP ids, digests of authorities and addresses that were announced.
 */
export function newPeerFindings(
  before: ChannelSeen,
  after: ChannelSeen,
  expected: ReadonlySet<string> = new Set(),
): readonly Finding[] {
  const known = new Map(before.members.map((member) => [member.organisation, member]));
  const finding = (name: keyof typeof NEW, organisation: string, id: string): readonly Finding[] =>
    expected.has(id) || expected.has(organisation)
      ? []
      : [
          {
            name,
            subject: { kind: 'peer', id },
            says: `Channel ${after.channel} has a new ${NEW[name]} since ${before.time}: ${id}${id === organisation ? '' : `, of ${organisation}`}.`,
            evidence: evidenceOf([before.evidence, after.evidence]),
            from: before.time,
            to: after.time,
          },
        ];
  return after.members.flatMap(({ organisation, authorities, addresses }) => {
    const own = known.get(organisation);
    if (!own) return finding('new-organisation', organisation, organisation);
    const fresh = (now: readonly string[], then: readonly string[]) => now.filter((each) => !then.includes(each));
    return [
      ...fresh(authorities, own.authorities).flatMap((id) => finding('new-authority', organisation, id)),
      ...fresh(addresses, own.addresses).flatMap((id) => finding('new-peer', organisation, id)),
    ];
  });
}
