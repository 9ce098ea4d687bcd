import { readFileSync } from 'node:fs';
import { defaultConsortiumFile, parseConsortium, type Consortium, type Firewall } from '@tracecal/network/topology';

/** Machines of the sample consortium beside its nodes. */
export const SAMPLE_FIREWALL: Firewall = {
  zones: [
    {
      name: 'site-a',
      organisation: 'oem-a',
      site: 'site-a',
      clients: ['10.6.2.0/24'],
      administrators: ['10.6.9.0/29'],
      gateways: ['10.6.3.2'],
      instruments: ['10.106.0.0/24'],
      instrumentPorts: [502],
      oneWayPort: 5514,
    },
    {
      name: 'site-b',
      organisation: 'oem-b',
      site: 'site-b',
      clients: ['10.7.2.0/24'],
      gateways: ['10.7.3.2'],
      instruments: ['10.107.0.0/24'],
      instrumentPorts: [502],
    },
    { name: 'monitor-room', organisation: 'monitor', clients: ['10.8.2.0/24'], collectors: ['10.8.4.2'] },
    {
      name: 'alpha-mass',
      organisation: 'lab-alpha',
      clients: ['10.4.2.0/24'],
      gateways: ['10.4.3.2'],
      instruments: ['10.104.0.0/24'],
      instrumentPorts: [5025],
    },
    {
      name: 'north-gold',
      organisation: 'nmi-north',
      goldStandard: true,
      gateways: ['10.1.7.2'],
      instruments: ['10.101.0.0/24'],
      instrumentPorts: [5025],
    },
    { name: 'north-office', organisation: 'nmi-north', clients: ['10.1.2.0/24'], administrators: ['10.1.9.0/29'] },
  ],
};

/** The sample consortium with a machine for each member: `10.N.1.1` for its peer, `10.N.1.2` for its orderer, in the order of the file. */
export function placedConsortium(firewall: Firewall = SAMPLE_FIREWALL): Consortium {
  const consortium = parseConsortium(readFileSync(defaultConsortiumFile(), 'utf8'));
  return {
    ...consortium,
    organisations: consortium.organisations.map((organisation, index) => ({
      ...organisation,
      peers: organisation.peers.map((peer) => ({ ...peer, host: `10.${index + 1}.1.1` })),
    })),
    orderers: consortium.orderers.map((orderer, index) => ({ ...orderer, host: `10.${index + 1}.1.2` })),
    firewall,
  };
}
