import assert from 'node:assert/strict';
import { exitOfMemberStatus, memberStatusText, PLAIN } from '@tracecal/cli';
import type { MemberStatus } from '@tracecal/network/engine';

const RUNS = { isRunning: true, isReached: true, missingChannels: [] };
const READY = { isApproved: true, isCommitted: true };

function status(
  node: Partial<MemberStatus['nodes'][number]> = {},
  chaincode: Partial<MemberStatus['chaincodes'][number]> = {},
  isReached = true,
): MemberStatus {
  return {
    member: 'lab-alpha',
    nodes: [{ name: 'peer0.lab-alpha.example', kind: 'peer', ...RUNS, ...node }],
    chaincodes: [{ chaincode: 'registry', channel: 'calibration', ...READY, ...chaincode }],
    others: [
      { member: 'nmi-north', name: 'peer0.nmi-north.example', kind: 'peer', address: '192.0.2.1:7051', isReached },
    ],
  };
}

const CASES: readonly (readonly [what: string, of: MemberStatus, exit: number, words: RegExp])[] = [
  ['all is there', status(), 0, /runs, in all of its channels[^]*ready[^]*192\.0\.2\.1:7051 +reached$/],
  ['its peer is stopped', status({ isRunning: false, isReached: false }), 3, /does not run/],
  ['something else than this program runs its peer', status({ isRunning: false }), 0, /runs, in all of its channels/],
  ['its peer is not reached', status({ isReached: false }), 3, /runs, but does not answer\n/],
  ['its peer refuses the administrator', status({ missingChannels: undefined }), 5, /answer its administrator/],
  ['a channel is missing', status({ missingChannels: ['calibration'] }), 5, /runs, but is not in calibration/],
  ['it has not approved', status({}, { isApproved: false, isCommitted: false }), 5, /not approved by you yet/],
  ['others approved without it', status({}, { isApproved: false }), 5, /committed, but not approved by you/],
  ['too few have approved', status({}, { isCommitted: false }), 5, /approved by you; too few others/],
  ['its peer does not say', status({}, { isApproved: undefined, isCommitted: undefined }), 5, /unknown/],
  ['another member is not reached', status({}, {}, false), 5, /nmi-north +peer0.* not reached$/],
];

describe('The status of a member', () => {
  for (const [what, of, exit, words] of CASES) {
    it(`is ${exit} where ${what}, and says so`, () => {
      assert.equal(exitOfMemberStatus(of), exit);
      assert.match(memberStatusText(of, PLAIN), words);
    });
  }

  /** The status of a member to whom the peers of others tell clocks that differ by this from its own. */
  function withClocks(...aheadSeconds: readonly number[]): MemberStatus {
    const { others, ...rest } = status();
    return {
      ...rest,
      others: aheadSeconds.flatMap((clockAheadSeconds, place) =>
        others.map((other) => ({ ...other, name: `peer${place}`, clockAheadSeconds })),
      ),
    };
  }

  for (const [what, clocks, words] of [
    ['nothing of clocks that differ by less than a minute', [2, -40, 59], /^(?![^]*Clock:)[^]*reached +as here$/],
    [
      'that its own clock is wrong where most others differ to one side',
      [130, 125, 0],
      /is 125 s behind those of 2 of 3/,
    ],
    [
      'that others refuse what comes from a clock that is far off',
      [-1000, -1200],
      /1000 s ahead of those of 2 of 2 [^]+refuse/,
    ],
    ['which of the others differ where most do not', [0, 0, 300], /peer2 is 300 s ahead, by the clock of this machine/],
    ['no culprit where two differ to both sides', [300, -300], /peer0 is 300 s ahead, peer1 is 300 s behind/],
  ] as const) {
    it(`tells ${what}`, () => {
      assert.match(memberStatusText(withClocks(...clocks), PLAIN), words);
    });
  }
});
