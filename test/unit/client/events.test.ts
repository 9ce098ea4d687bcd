import assert from 'node:assert/strict';
import type { Gateway } from '@hyperledger/fabric-gateway';
import type { common } from '@hyperledger/fabric-protos';
import { EVENTS } from '@tracecal/core/contracts';
import { DEFAULT_LIMITS, Ledger, TraceCal } from '@tracecal/gateway-client';
import { blockOf, transaction } from '../../support/handMadeBlocks.js';
import type { JudgedTransaction } from '../../support/handMadeBlocks.js';
import { AS_OF, later, transcribing, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { Simulation } from '../../support/memoryLedger.js';
import { emptyRegistryOf, RELAY, replay } from '../../support/registry.js';

const CHAINCODE = 'registry';

/** A ledger's transactions as the stream of events sees them. */
function asTransaction({ event, writes }: Simulation): JudgedTransaction {
  return transaction({
    written: [{ keys: [...writes.keys()] }],
    ...(event && {
      event: { chaincode: CHAINCODE, name: event.name, payload: Buffer.from(JSON.stringify(event.payload)) },
    }),
  });
}

async function* once(block: common.Block): AsyncGenerator<common.Block> {
  yield await Promise.resolve(block);
}

async function streamOf(transactions: readonly JudgedTransaction[]): Promise<readonly string[]> {
  const blocks = Object.assign(once(blockOf(0, transactions)), { close: () => undefined });
  const network = { getContract: () => ({}), getBlockEvents: () => Promise.resolve(blocks) };
  const ledger = new Ledger(
    { getNetwork: () => network } as unknown as Gateway,
    { channel: 'calibration', chaincode: CHAINCODE },
    DEFAULT_LIMITS,
  );
  const types: string[] = [];
  for await (const { announcement } of new TraceCal(ledger, CHAINCODE, () => undefined).events()) {
    types.push(announcement.type);
  }
  return types;
}

/** Everything that can be said, once. */
async function everything(hierarchy: Hierarchy): Promise<void> {
  await hierarchy.addOrganisation({ id: 'nmi-west', kind: 'NMI', registered: AS_OF });
  hierarchy.consent('oem-a', { laboratory: 'lab-alpha', registered: AS_OF });
  hierarchy.setInterval('sensor-a', 30, { registered: AS_OF });
  hierarchy.require('oem-a', { intervalDays: 30 }, { registered: AS_OF });
  hierarchy.reject('sensor-b-r1', { registered: AS_OF });
  hierarchy.transfer('sensor-b', 'oem-a', { registered: AS_OF });
  hierarchy.setPolicy({ transcriptionDays: 30 }, { registered: AS_OF });
  hierarchy.reduce('lab-beta', { validTo: '2026-01-01', registered: AS_OF });
  const subjects = [
    ['device', 'working-b'],
    ['person', 't-oem-b'],
    ['report', 'working-b-r1'],
    ['organisation', 'oem-b'],
    ['organisation', 'nmi-east'],
  ] as const;
  // One after the other: those who are suspended have no say.
  for (const [place, subject] of subjects.entries()) {
    for (const [step, what] of (['suspension', 'reinstatement', 'revocation'] as const).entries()) {
      const registered = later(AS_OF, 600 * (place + 1) + 60 * step);
      hierarchy.addStatement(what, subject, { registered, effective: registered });
    }
  }
  hierarchy.addReport({
    id: 'sensor-a-r2',
    device: 'sensor-a',
    technician: 't-oem-a',
    parents: ['working-a-r1'],
    supersedes: 'sensor-a-r1',
    stated: transcribing({ number: 'C-1', laboratory: 'The oem-a', country: 'DE' }),
    registered: AS_OF,
    accepted: false,
  });
  hierarchy.accept('sensor-a-r2', { registered: later(AS_OF, 60) });
  hierarchy.review('oem-a', 'sensor-a-r2', ['sensor-a-r1'], { registered: later(AS_OF, 120) });
  hierarchy.confirm('lab-beta', 'sensor-a-r2', { registered: later(AS_OF, 180) });
  hierarchy.addReport({
    id: 'sensor-a-r3',
    device: 'sensor-a',
    technician: 't-oem-a',
    parents: ['working-a-r1'],
    sealed: ['temperature'],
    registered: later(AS_OF, 240),
    accepted: false,
  });
  await hierarchy.vouch('lab-beta', 'sensor-a-r3', { registered: later(AS_OF, 300) });
}

describe('an event of the contract', () => {
  it('counts, whatever it announces: its transaction writes what it names', async () => {
    const hierarchy = await twoCountries();
    await everything(hierarchy);
    const memory = emptyRegistryOf(hierarchy);
    const simulations = [...(await replay(hierarchy, memory))];
    simulations.push(await memory.submit(RELAY, 'anchor', 'ab'.repeat(32)));

    const announced = simulations.map(({ event }) => event?.name ?? '');
    assert.deepEqual(await streamOf(simulations.map(asTransaction)), announced);
    const missing = Object.values(EVENTS).filter((name) => !announced.includes(name));
    assert.deepEqual(missing, ['StatementsSubmitted'], 'everything() above has every kind of event');
  });
});
