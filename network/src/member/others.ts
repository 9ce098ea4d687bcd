import type { ChannelMaterial } from '../channel/index.js';
import { memberTree, ordererTree, type MspMaterial, type PublicOrganisation } from '../pki/index.js';
import { neighboursOf, type Consortium } from '../topology/index.js';
import type { OwnPart } from './memberDirectory.js';

/** The certificates in several channels. Of an organisation that replaces a CA one channel may have two, another only one of them. */
export function mergedMaterial(materials: readonly ChannelMaterial[]): ChannelMaterial {
  const msps = new Map<string, MspMaterial>();
  for (const each of materials.flatMap((material) => [...material.msps.values()])) {
    const other = msps.get(each.mspId);
    msps.set(each.mspId, other === undefined ? each : withBoth(other, each));
  }
  return { msps, consenters: new Map(materials.flatMap(({ consenters }) => [...consenters])) };
}

/** The public parts of those with whom a member shares these channels, and of all orderers that others run. */
export function othersIn(
  { consortium, member, directory: { cryptoDir } }: Pick<OwnPart, 'consortium' | 'member' | 'directory'>,
  { msps, consenters }: ChannelMaterial,
): readonly PublicOrganisation[] {
  const isKnown = ({ mspId }: { readonly mspId: string }): boolean => msps.has(mspId);
  const members = neighboursOf(consortium, member.id)
    .filter(isKnown)
    .map((each) => ({
      tree: memberTree(cryptoDir, each),
      ...authoritiesOf(each.mspId, msps),
    }));
  const orderers = foreignOrderers(consortium, member.id)
    .filter(isKnown)
    .map((orderer) => {
      const { identity = '', serverTls = '' } = consenters.get(orderer.mspId) ?? {};
      const node = { name: orderer.name, identity, tls: serverTls };
      return { tree: ordererTree(cryptoDir, orderer), ...authoritiesOf(orderer.mspId, msps), node };
    });
  return [...members, ...orderers];
}

function foreignOrderers({ orderers }: Consortium, member: string): Consortium['orderers'] {
  return orderers.filter(({ runBy }) => runBy !== member);
}

function authoritiesOf(mspId: string, msps: ChannelMaterial['msps']): Pick<PublicOrganisation, 'cas' | 'tlsCas'> {
  const { rootCerts = [], tlsRootCerts = [] } = msps.get(mspId) ?? {};
  return { cas: rootCerts, tlsCas: tlsRootCerts };
}

function withBoth(one: MspMaterial, other: MspMaterial): MspMaterial {
  const union = (...lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())];
  return {
    ...one,
    rootCerts: union(one.rootCerts, other.rootCerts),
    tlsRootCerts: union(one.tlsRootCerts, other.tlsRootCerts),
  };
}
