import { defaultConsortiumFile, parseConsortium, readConsortium, withOrganisation } from '@tracecal/network/topology';
import type { Consortium, Joining } from '@tracecal/network/topology';
import { READERS } from '../readers.js';

/** Everybody who reads the registry's channel, each through their own peer, and the identity that all readers share. */
export const MEMBERS = ['nmi-north', 'lab-beta', 'oem-a', 'monitor', 'regulator', 'readers'] as const;

const REGULATOR: Joining = {
  organisation: {
    id: 'regulator',
    mspId: 'RegulatorMSP',
    name: 'Regulator',
    kind: 'OBSERVER',
    country: 'DE',
    domain: 'regulator.example',
    peers: [{ name: 'peer0', port: 7851 }],
    users: [{ name: 'User1', roles: [] }],
  },
  channels: { calibration: 'reader' },
  endorsement: {},
};

/** The sample consortium with an observer and readers, and without what has nothing to do with the registry. */
export function observedConsortium(): Consortium {
  const sample = readConsortium(defaultConsortiumFile());
  const alone: Consortium = {
    ...sample,
    channels: sample.channels.filter(({ name }) => name === 'calibration'),
    chaincodes: sample.chaincodes.filter(({ name }) => name === 'registry'),
  };
  return parseConsortium(JSON.stringify(withOrganisation(withOrganisation(alone, REGULATOR), READERS)));
}
