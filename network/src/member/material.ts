import type { ChannelMaterial } from '../channel/index.js';
import type { MspMaterial } from '../pki/index.js';
import { pemOf } from './certificates.js';
import type { MemberFile, PublicMsp } from './formats.js';

/** An MSP as a channel's configuration gets it. */
export function publicMsp({ id, ca, tlsCa, nodeOus }: PublicMsp): MspMaterial {
  const certificate = pemOf(ca);
  const unit = (name: string) => ({ unit: name, certificate });
  const { client, peer, admin, orderer } = nodeOus;
  return {
    mspId: id,
    rootCerts: [certificate],
    intermediateCerts: [],
    tlsRootCerts: [pemOf(tlsCa)],
    tlsIntermediateCerts: [],
    admins: [],
    revocationList: [],
    nodeOus: {
      enabled: true,
      units: { client: unit(client), peer: unit(peer), admin: unit(admin), orderer: unit(orderer) },
    },
  };
}

/** All certificates that go into the channels of a consortium, from the files of all members. */
export function materialOf(members: readonly MemberFile[]): ChannelMaterial {
  const orderers = members.flatMap(({ orderer }) => (orderer === null ? [] : [orderer]));
  const msps = [...members, ...orderers].map(({ msp }) => [msp.id, publicMsp(msp)] as const);
  const consenters = orderers.map(({ msp, identity, tls }) => {
    const serverTls = pemOf(tls);
    return [msp.id, { identity: pemOf(identity), clientTls: serverTls, serverTls }] as const;
  });
  return { msps: new Map(msps), consenters: new Map(consenters) };
}
