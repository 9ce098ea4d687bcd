import type { Session } from '@tracecal/gateway-client/application';
import { peerSource } from '@tracecal/gateway-client/replica';
import type { BlockSource, FollowOptions } from '@tracecal/gateway-client/replica';
import { chaincodeDefinitions } from '@tracecal/network/channel';
import { readConsortium } from '@tracecal/network/topology';
import type { Invocation } from '../command.js';
import { engineOf } from '../network/engines.js';

/** The channel of a session, as these organisations' peers have it; without any, as that of the organisation that acts. */
export async function channelSource(
  { data, profile }: Pick<Invocation, 'data' | 'profile'>,
  session: Session,
  organisations: readonly string[],
): Promise<Required<Pick<FollowOptions, 'channel' | 'peers' | 'definitions'>>> {
  const { name: channel } = session.channel;
  const isEmbedded = profile === undefined && engineOf(data) === 'embedded';
  return {
    channel,
    peers: await peersOf(session, organisations),
    // The embedded network keeps definitions outside the channel: the user's own description has them.
    definitions: isEmbedded ? chaincodeDefinitions(readConsortium(data.consortiumFile), channel) : [],
  };
}

async function peersOf(session: Session, organisations: readonly string[]): Promise<readonly BlockSource[]> {
  if (organisations.length === 0) {
    return [peerSource(session.actor ?? 'your organisation', await session.reader())];
  }
  return Promise.all(organisations.map(async (id) => peerSource(id, await session.as(id))));
}
