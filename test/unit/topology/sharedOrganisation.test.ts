import assert from 'node:assert/strict';
import { planChannel, readPolicyTemplate, defaultPolicyTemplateFile } from '@tracecal/network/channel';
import { ConsortiumError, parseConsortium } from '@tracecal/network/topology';
import type { Consortium } from '@tracecal/network/topology';
import { withReaders } from '../../support/readers.js';

const described = (change: (consortium: Consortium) => unknown = (same) => same) =>
  parseConsortium(JSON.stringify(change(structuredClone(withReaders()))));

/** A copy of the description in which the shared organisation is another one. */
const withShared = (changes: object) => (consortium: Consortium) => ({
  ...consortium,
  organisations: consortium.organisations.map((one) => (one.shared === true ? { ...one, ...changes } : one)),
});

const withChannel = (name: string, changes: object) => (consortium: Consortium) => ({
  ...consortium,
  channels: consortium.channels.map((one) => (one.name === name ? { ...one, ...changes } : one)),
});

describe('The organisation that all readers share', () => {
  it('is described without peers, as a reader of the calibration level', () => {
    const readers = described().organisations.find(({ shared }) => shared === true);
    assert.deepEqual([readers?.id, readers?.kind, readers?.peers], ['readers', 'OBSERVER', []]);
  });

  for (const [what, change, reason] of [
    ['another kind', withShared({ kind: 'LAB' }), /of kind LAB: it must be of kind OBSERVER/],
    ['a peer', withShared({ peers: [{ name: 'peer0', port: 7991 }] }), /peers must be empty/],
    ['a user with a role', withShared({ users: [{ name: 'User1', roles: ['recorder'] }] }), /one user without roles/],
    ['two users', withShared({ users: [{ name: 'User1' }, { name: 'User2' }] }), /one user without roles/],
    [
      'a site to read',
      withChannel('measurement-a', { readers: ['monitor', 'readers'] }),
      /in channel "measurement-a": it reads the calibration level only/,
    ],
    [
      'the right to write',
      withChannel('calibration', { writers: ['nmi-north', 'readers'], readers: ['oem-a'] }),
      /a writer of channel "calibration": it may only read/,
    ],
    [
      'an orderer',
      (consortium: Consortium) => ({
        ...consortium,
        orderers: consortium.orderers.map((one, index) => (index === 0 ? { ...one, runBy: 'readers' } : one)),
      }),
      /runs orderer "orderer1": it may only read/,
    ],
    [
      'a private collection',
      (consortium: Consortium) => ({
        ...consortium,
        chaincodes: consortium.chaincodes.map((one, index) =>
          index === 0 ? { ...one, collections: [{ name: 'closed', members: ['readers', 'nmi-north'] }] } : one,
        ),
      }),
      /a member of a private collection of "registry"/,
    ],
    [
      'a second of its kind',
      (consortium: Consortium) => ({
        ...consortium,
        organisations: consortium.organisations.flatMap((one) =>
          one.shared === true
            ? [one, { ...one, id: 'others', name: 'Others', mspId: 'OthersMSP', domain: 'others.example' }]
            : [one],
        ),
      }),
      /two would tell readers apart/,
    ],
  ] as const) {
    it(`is refused with ${what}`, () => {
      assert.throws(
        () => described(change),
        (error) => error instanceof ConsortiumError && reason.test(error.message),
      );
    });
  }

  it('is still needed to have a peer where nothing is shared', () => {
    assert.throws(() => described(withShared({ shared: false, kind: 'OEM' })), /must have at least one entry/);
  });

  it('is named by no policy but for reading, also while a chaincode is approved, and the NMIs administer its part', () => {
    const consortium = described();
    const template = readPolicyTemplate(defaultPolicyTemplateFile());
    const channel = consortium.channels.find(({ level }) => level === 'calibration')!;
    for (const isApproving of [false, true]) {
      const { policies, application, orderer } = planChannel(consortium, channel, template, { isApproving });
      for (const [part, all] of Object.entries({
        policies,
        application: application.policies,
        orderer: orderer.policies,
      })) {
        for (const [name, { rule }] of Object.entries(all)) {
          const isForReading = name === 'Readers' && part !== 'orderer';
          assert.equal(rule.includes('ReadersMSP'), isForReading, `${part} ${name}: ${rule}`);
        }
      }
      const own = application.members.find(({ mspId }) => mspId === 'ReadersMSP')!;
      assert.deepEqual(Object.keys(own.policies).sort(), ['Admins', 'Readers']);
      assert.match(
        own.policies['Admins']!.rule,
        /^OutOf\(2, 'NmiNorthMSP.admin', 'NmiSouthMSP.admin', 'NmiEastMSP.admin'\)$/,
      );
      assert.equal(own.policies['Readers']!.rule, "OutOf(1, 'ReadersMSP.client')");
    }
  });
});
