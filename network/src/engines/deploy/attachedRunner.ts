import { setTimeout as pause } from 'node:timers/promises';
import type { ChaincodeEnvironment } from '../../chaincode/index.js';
import type { ChaincodeDeployment, Consortium } from '../../topology/index.js';
import { prepareService } from '../common/chaincodes/chaincodeService.js';
import { prepareChaincodes } from '../common/chaincodes/prepareChaincodes.js';
import { FabricError } from '../common/errors.js';
import type { Layout } from '../common/places/layout.js';
import type { Placement } from '../common/places/placement.js';
import type { PackagedChaincode, Runner } from '../common/processes/runner.js';
import { prepareOwnChaincodes } from './ownChaincodes.js';

const ANSWER_MS = 60_000;
const POLL_MS = 500;

/** Administers nodes and services that a service manager runs: starts nothing, and stops nothing. */
export class AttachedRunner implements Runner {
  readonly processes = [];
  readonly supervised = [];
  readonly #layout: Layout;
  readonly #environment: ChaincodeEnvironment;

  constructor(layout: Layout, environment: ChaincodeEnvironment) {
    this.#layout = layout;
    this.#environment = environment;
  }

  async package(consortium: Consortium, deployment: ChaincodeDeployment): Promise<PackagedChaincode> {
    const { packaged } = await prepareChaincodes(consortium, [deployment], (one, member) =>
      prepareService(this.#layout, one, member, this.#environment),
    );
    return packaged[0] ?? { deployment, packages: new Map() };
  }

  async run(placement: Placement, chaincodes: readonly ChaincodeDeployment[]): Promise<readonly PackagedChaincode[]> {
    return (await prepareOwnChaincodes(this.#layout, placement, chaincodes, this.#environment)).packaged;
  }

  restart(name: string): Promise<void> {
    return Promise.reject(new FabricError('NOT_ALONE', `${name} is run by a service manager: restart it there.`));
  }

  whileStopped(): Promise<void> {
    const why = 'These nodes are run by a service manager: stop them there, and copy the data directory then.';
    return Promise.reject(new FabricError('NOT_COPIED', why));
  }

  async waitFor(name: string, check: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + ANSWER_MS;
    while (!(await check())) {
      if (Date.now() > deadline) {
        throw new FabricError(
          'NOT_READY',
          `${name} does not answer: start its unit or container, and look at its log.`,
        );
      }
      await pause(POLL_MS);
    }
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
