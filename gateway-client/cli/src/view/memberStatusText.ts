import type { MemberStatus, OtherNode, OwnChaincode, OwnNode } from '@tracecal/network/engine';
import type { Style } from '../style.js';
import { clockFinding, clockWords } from './clockWords.js';
import type { OtherClock } from './clockWords.js';
import { table } from './table.js';

/** How a member's part of a network stands, and whom it reaches. */
export function memberStatusText({ member, nodes, chaincodes, others }: MemberStatus, style: Style): string {
  const clocks = clocksOf(others);
  const own = [
    { title: `nodes of ${member}`, of: ({ name }: OwnNode) => name },
    { title: 'state', of: stateOf },
  ];
  const code = [
    { title: 'chaincode', of: ({ chaincode }: OwnChaincode) => chaincode },
    { title: 'channel', of: ({ channel }: OwnChaincode) => channel },
    { title: 'state', of: chaincodeState },
  ];
  const foreign = [
    { title: 'member', of: (node: OtherNode) => node.member },
    { title: 'node', of: ({ name }: OtherNode) => name },
    { title: 'address', of: ({ address }: OtherNode) => address },
    { title: 'from here', of: ({ isReached }: OtherNode) => (isReached ? 'reached' : 'not reached') },
    ...(clocks.length === 0 ? [] : [{ title: 'its clock', of: clockOf }]),
  ];
  const clock = clockFinding(clocks);
  return [
    table(own, nodes, style),
    ...(chaincodes.length === 0 ? [] : [table(code, chaincodes, style)]),
    ...(others.length === 0 ? [] : [table(foreign, others, style)]),
    ...(clock === undefined || clock.level === 'ok' ? [] : [style.yellow(`Clock: ${clock.message}.`)]),
  ].join('\n\n');
}

/** The clocks of others that told their time. */
export function clocksOf(others: readonly OtherNode[]): readonly OtherClock[] {
  return others.flatMap(({ name, clockAheadSeconds: aheadSeconds }) =>
    aheadSeconds === undefined ? [] : [{ name, aheadSeconds }],
  );
}

function clockOf({ clockAheadSeconds }: OtherNode): string {
  return clockAheadSeconds === undefined ? '-' : clockWords(clockAheadSeconds);
}

function stateOf({ isRunning, isReached, missingChannels }: OwnNode): string {
  if (!isReached) return isRunning ? 'runs, but does not answer' : 'does not run';
  if (missingChannels === undefined) return 'runs, but does not answer its administrator';
  return missingChannels.length === 0
    ? 'runs, in all of its channels'
    : `runs, but is not in ${missingChannels.join(', ')}`;
}

function chaincodeState({ isApproved, isCommitted }: OwnChaincode): string {
  if (isApproved === undefined || isCommitted === undefined) return 'unknown: your peer does not answer';
  if (isApproved) return isCommitted ? 'ready' : 'approved by you; too few others have, or are reached';
  return isCommitted ? 'committed, but not approved by you' : 'not approved by you yet';
}
