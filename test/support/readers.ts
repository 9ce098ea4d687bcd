import { defaultConsortiumFile, parseConsortium, readConsortium, withOrganisation } from '@tracecal/network/topology';
import type { Consortium, Joining } from '@tracecal/network/topology';

/** The organisation whose identity all readers share, as it joins the sample consortium. */
export const READERS: Joining = {
  organisation: {
    id: 'readers',
    mspId: 'ReadersMSP',
    name: 'Readers',
    kind: 'OBSERVER',
    country: 'ZZ',
    domain: 'readers.example',
    peers: [],
    shared: true,
    users: [{ name: 'User1', roles: [] }],
  },
  channels: { calibration: 'reader' },
  endorsement: {},
};

/** The sample consortium with readers. */
export function withReaders(consortium: Consortium = readConsortium(defaultConsortiumFile())): Consortium {
  return parseConsortium(JSON.stringify(withOrganisation(consortium, READERS)));
}
