import { common, msp } from '@hyperledger/fabric-protos';
import type { MspMaterial, NodeOu, NodeOus } from '../pki/index.js';
import type { ChannelMaterial, ConsenterCertificates } from './material.js';

/** All certificates in a channel's configuration: what {@link describedConfig} would put there. */
export function materialIn(config: common.Config): ChannelMaterial {
  const sections = config.getChannelGroup()?.getGroupsMap();
  const msps = ['Application', 'Orderer'].flatMap((section) => {
    const groups = sections?.get(section)?.getGroupsMap();
    return [...(groups?.keys() ?? [])].flatMap((name) => {
      const value = groups?.get(name)?.getValuesMap().get('MSP')?.getValue_asU8();
      return value === undefined ? [] : [mspMaterial(value)];
    });
  });
  const orderers = sections?.get('Orderer')?.getValuesMap().get('Orderers')?.getValue_asU8() ?? new Uint8Array();
  const consenters = common.Orderers.deserializeBinary(orderers)
    .getConsenterMappingList()
    .map((each): [string, ConsenterCertificates] => [
      each.getMspId(),
      {
        identity: text(each.getIdentity_asU8()),
        clientTls: text(each.getClientTlsCert_asU8()),
        serverTls: text(each.getServerTlsCert_asU8()),
      },
    ]);
  return { msps: new Map(msps.map((each) => [each.mspId, each])), consenters: new Map(consenters) };
}

function mspMaterial(value: Uint8Array): MspMaterial {
  const config = msp.FabricMSPConfig.deserializeBinary(msp.MSPConfig.deserializeBinary(value).getConfig_asU8());
  return {
    mspId: config.getName(),
    rootCerts: config.getRootCertsList_asU8().map(text),
    intermediateCerts: config.getIntermediateCertsList_asU8().map(text),
    tlsRootCerts: config.getTlsRootCertsList_asU8().map(text),
    tlsIntermediateCerts: config.getTlsIntermediateCertsList_asU8().map(text),
    admins: config.getAdminsList_asU8().map(text),
    revocationList: config.getRevocationListList_asU8().map(text),
    nodeOus: nodeOus(config.getFabricNodeOus()),
  };
}

function nodeOus(ous: msp.FabricNodeOUs | undefined): NodeOus {
  const found = [
    ['client', ous?.getClientOuIdentifier()],
    ['peer', ous?.getPeerOuIdentifier()],
    ['admin', ous?.getAdminOuIdentifier()],
    ['orderer', ous?.getOrdererOuIdentifier()],
  ] as const;
  const units = found.flatMap(([role, ou]): [string, NodeOu][] => {
    if (ou === undefined) return [];
    const certificate = text(ou.getCertificate_asU8());
    return [[role, { unit: ou.getOrganizationalUnitIdentifier(), ...(certificate !== '' && { certificate }) }]];
  });
  return { enabled: ous?.getEnable() === true, units: Object.fromEntries(units) };
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
