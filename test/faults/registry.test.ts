import { setTimeout as pause } from 'node:timers/promises';
import { engineName } from '../support/engine.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { killed, started } from '../support/faultNetwork.js';
import { presentDates, unsealedCountries } from '../support/hierarchy.js';
import type { Hierarchy } from '../support/hierarchy.js';
import { Random } from '../support/random.js';
import { RegistryHistory, wholeChain } from '../support/registryHistory.js';
import { RegistryLoad } from '../support/registryLoad.js';
import { RegistryNetwork } from '../support/registryNetwork.js';
import { runSeed } from '../support/seed.js';

const FAULTS = Number(process.env['TRACECAL_KILLS'] ?? (engineName === 'embedded' ? 4 : 3));
const PER_FAULT_MS = 120_000;

describe(`The registry under ${FAULTS} faults and mixed writes`, function () {
  this.timeout(300_000 + FAULTS * PER_FAULT_MS);

  let registry: RegistryNetwork;
  let hierarchy: Hierarchy;
  let random: Random;
  let history: RegistryHistory;

  before(async function () {
    if (engineName === 'native') needsFabric(this, 'peer', 'orderer');
    random = new Random(runSeed);
    hierarchy = await unsealedCountries(undefined, presentDates());
    registry = await RegistryNetwork.start(hierarchy);
    await registry.submitNew();
    const load = new RegistryLoad(hierarchy, (member) => registry.as(member), random);
    await load.through(FAULTS, oneFault);
    history = new RegistryHistory(await wholeChain(registry.network, 'nmi-north'), load);
    console.log(`      ${history.summary()}`);
  });

  after(async () => {
    await (registry as RegistryNetwork | undefined)?.stop();
  });

  /** One node is killed or stands still for a while, where there are several; or all end at once. */
  async function oneFault(): Promise<void> {
    const { network } = registry;
    const nodes = network.processes ?? [];
    const node = nodes[random.between(0, nodes.length - 1)];
    if (!node || random.chance(0.1)) {
      await network.kill();
      await pause(random.between(0, 500));
      await registry.restart();
    } else if (random.chance(0.3)) {
      node.kill('SIGSTOP');
      await pause(random.between(500, 5000));
      node.kill('SIGCONT');
    } else {
      await killed(node);
      await pause(random.between(0, 3000));
      await started(node);
    }
  }

  it('lost nothing that it acknowledged, and has nothing twice', () => {
    history.checkNothingLostOrTwice();
  });

  it('has nothing that it refused', () => {
    history.checkNothingRefused();
  });

  it('wrote what the contract writes when it runs the same transactions one after another', () =>
    history.checkAgainstModel(hierarchy, registry));

  it('has a chain of blocks that verifies', () => {
    history.checkChain();
  });
});
