import assert from 'node:assert/strict';
import { defaultConsortiumFile, readConsortium, type Consortium } from '@tracecal/network/topology';
import { eventually } from '../support/eventually.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { presentDates, unsealedCountries, type Hierarchy } from '../support/hierarchy.js';
import { MemberFaults } from '../support/memberFaults.js';
import { MembersNetwork } from '../support/membersNetwork.js';
import { CAN_PARTITION } from '../support/partition.js';
import { Random } from '../support/random.js';
import { RegistryHistory, wholeChain } from '../support/registryHistory.js';
import { RegistryLoad, WRITERS } from '../support/registryLoad.js';
import { REGISTRY, RegistryNetwork, startedFor } from '../support/registryNetwork.js';
import { runSeed } from '../support/seed.js';

const FAULTS = Number(process.env['TRACECAL_KILLS'] ?? 20);
const PER_FAULT_MS = 120_000;
/** An orderer that has come to a stop is started again after more than a minute. */
const STRAGGLER_MS = 240_000;

/** The calibration level of the sample alone, with the members that write there. */
function calibrationAlone(): Consortium {
  const { organisations, channels, chaincodes, ...rest } = readConsortium(defaultConsortiumFile());
  const members: readonly string[] = WRITERS;
  return {
    ...rest,
    organisations: organisations.filter(({ id }) => members.includes(id)),
    channels: channels.filter(({ name }) => name === REGISTRY.channel).map((channel) => ({ ...channel, readers: [] })),
    chaincodes: chaincodes.filter(({ name }) => name === REGISTRY.chaincode),
  };
}

describe(`Members who each run their own nodes, under ${FAULTS} random faults and mixed writes,`, function () {
  this.timeout(300_000 + FAULTS * PER_FAULT_MS);

  let hierarchy: Hierarchy;
  let network: MembersNetwork;
  let registry: RegistryNetwork<MembersNetwork>;
  let histories: ReadonlyMap<string, RegistryHistory>;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    if (!CAN_PARTITION) {
      console.warn('        skipped: without /proc/net/tcp members cannot be cut off here');
      this.skip();
    }
    const random = new Random(runSeed);
    hierarchy = await unsealedCountries(undefined, presentDates());
    network = await MembersNetwork.start(calibrationAlone(), startedFor(hierarchy));
    registry = RegistryNetwork.on(network, hierarchy);
    await registry.submitNew();
    const faults = await MemberFaults.of(network, random);
    const load = new RegistryLoad(hierarchy, (member) => registry.as(member), random);
    try {
      await load.through(FAULTS, () => faults.one());
    } finally {
      console.log(`      ${faults.summary}`);
    }
    const chains = network.members.map(
      async ({ id }) => [id, new RegistryHistory(await wholeChain(network.seenBy(id), id), load)] as const,
    );
    histories = new Map(await Promise.all(chains));
    for (const [id, history] of histories) console.log(`      ${id}: ${history.summary()}`);
  });

  after(async () => {
    (registry as typeof registry | undefined)?.disconnect();
    await (network as MembersNetwork | undefined)?.stop();
  });

  it('lost nothing that any peer acknowledged, and have nothing twice', () => {
    for (const history of histories.values()) history.checkNothingLostOrTwice();
  });

  it('have nothing that the registry refused', () => {
    for (const history of histories.values()) history.checkNothingRefused();
  });

  it('wrote what the contract writes when it runs the same transactions one after another', () =>
    histories.get('nmi-north')!.checkAgainstModel(hierarchy, registry));

  it('have one chain of blocks, which verifies at every peer', () => {
    const [first, ...others] = [...histories.values()];
    first!.checkChain();
    for (const other of others) {
      other.checkChain();
      assert.ok(first!.agreesWith(other));
    }
  });

  it('start an orderer again that has come to a stop while those of others went on', async () => {
    const orderer = network.member('nmi-east').processes.find(({ kind }) => kind === 'orderer')!;
    const { pid } = orderer;
    await network.links.separate(orderer);
    try {
      await eventually(async () => {
        await wholeChain(network.seenBy('nmi-south'), 'nmi-south');
        assert.ok(orderer.running && orderer.pid !== pid, `${orderer.name} is not started again`);
      }, STRAGGLER_MS);
    } finally {
      network.links.heal();
    }
  });
});
