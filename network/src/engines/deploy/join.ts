import { resolve } from 'node:path';
import type { ChaincodeEnvironment } from '../../chaincode/index.js';
import { openOwnPart, requireAgreement } from '../../member/index.js';
import { withLock } from '../../running/control/index.js';
import type { Log } from '../../system/log.js';
import { unlessAborted } from '../../system/unlessAborted.js';
import { inFolder } from '../../topology/index.js';
import { FabricError } from '../common/errors.js';
import { MemberNetwork } from '../common/memberNetwork.js';
import { Layout } from '../common/places/layout.js';
import { onThisMachine } from '../common/places/nodeEnvironment.js';
import { place, placedNames } from '../common/places/placement.js';
import { AttachedRunner } from './attachedRunner.js';

export interface JoinOptions {
  readonly dataDir: string;
  readonly chaincodeEnvironment?: ChaincodeEnvironment;
  readonly log?: Log;
  readonly signal?: AbortSignal;
}

/**
 * Joins the channels and deploys the chaincodes of a member whose nodes a service manager runs. Ends when nothing is left to do that this
 * member can do. Finished steps are skipped, so it can be called again after a change or an interruption.
 *
 * @returns Whether everything is approved and committed; a channel that the member only reads may be closed to its approval.
 * @throws MemberError; DataDirectoryInUse; FabricError `NOT_READY` where a node does not answer; AdminError
 */
export function joinMember({ dataDir, chaincodeEnvironment = {}, log, signal }: JoinOptions): Promise<boolean> {
  const layout = new Layout(resolve(dataDir));
  const own = openOwnPart(layout.root);
  requireAgreement(own);
  const consortium = inFolder(own.consortium, layout.root);
  return withLock(layout.root, async () => {
    await requireDeployed(layout);
    const placement = await place(layout, consortium, 'configured', own.member.id);
    const runner = new AttachedRunner(layout, chaincodeEnvironment);
    const seen = onThisMachine(layout);
    const network = await MemberNetwork.assemble({
      layout,
      placement,
      runner,
      seen,
      ports: 'configured',
      log,
      lock: undefined,
    });
    try {
      await network.start(consortium.chaincodes, signal);
      return await unlessAborted(network.settled, signal);
    } finally {
      await network.stop();
    }
  });
}

/** Placing nodes for the first time would delete what is there. */
async function requireDeployed(layout: Layout): Promise<void> {
  if ((await placedNames(layout)).length > 0) return;
  throw new FabricError(
    'NOT_READY',
    'No node was deployed from this data directory: run `tracecal member deploy` first.',
  );
}
