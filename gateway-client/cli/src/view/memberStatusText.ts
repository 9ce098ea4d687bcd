import type { MemberStatus, OtherNode, OwnChaincode, OwnNode } from '@tracecal/network/engine';
import type { Style } from '../style.js';
import { table } from './table.js';

/** How a member's part of a network stands, and whom it reaches. */
export function memberStatusText({ member, nodes, chaincodes, others }: MemberStatus, style: Style): string {
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
  ];
  return [
    table(own, nodes, style),
    ...(chaincodes.length === 0 ? [] : [table(code, chaincodes, style)]),
    ...(others.length === 0 ? [] : [table(foreign, others, style)]),
  ].join('\n\n');
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
