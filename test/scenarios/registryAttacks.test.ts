import assert from 'node:assert/strict';
import type { Transaction } from '@hyperledger/fabric-gateway';
import { canonicalJson } from '@tracecal/core/model';
import type { Verdict, VerdictStatus } from '@tracecal/core/trace';
import { Deadline, DEFAULT_LIMITS, Ledger } from '@tracecal/gateway-client';
import { Application, text } from '../support/application.js';
import { enrolled } from '../support/credentials.js';
import { engineName } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { everyTransaction } from '../support/everyTransaction.js';
import { failureOf } from '../support/failure.js';
import {
  presentDates,
  readSigned,
  transactionOf,
  unsealedCountries,
  type Hierarchy,
  type Item,
} from '../support/hierarchy.js';
import { REGISTRY, RegistryNetwork } from '../support/registryNetwork.js';
import { presentItem } from '../support/submit.js';

const WRITERS = ['nmi-north', 'nmi-south', 'nmi-east', 'lab-alpha', 'lab-beta'];
/** How long members' peers may be apart. */
const PATIENCE_MS = 20_000;

/** What a chaincode says of its contracts. */
interface Metadata {
  readonly contracts: Readonly<
    Record<string, { readonly transactions: readonly { readonly name: string; readonly tag: readonly string[] }[] }>
  >;
}

const ROLES = ['issuer', 'recorder', 'registrar'];
/** The one write that reads no state. */
const READ_FREE = 'anchorProofs';
const CONTRACT_REFUSES = /chaincode response 500, NOT_AUTHORISED: a caller of \w+MSP may not write here/;

describe(`Attacks on a running registry [${engineName}]`, function () {
  this.timeout(240_000);

  let hierarchy: Hierarchy;
  let registry: RegistryNetwork;
  const applications: Application[] = [];

  before(async () => {
    hierarchy = await unsealedCountries(undefined, presentDates());
    await hierarchy.addOrganisation({ id: 'monitor', kind: 'MONITOR', certifiedBy: 'nmi-north' });
    registry = await RegistryNetwork.start(hierarchy);
    await registry.submitNew();
  });

  after(async () => {
    for (const application of applications) application.close();
    await (registry as RegistryNetwork | undefined)?.stop();
  });

  function use(application: Application): Application {
    applications.push(application);
    return application;
  }

  const ledgerOf = (application: Application) => new Ledger(application.gateway, REGISTRY, DEFAULT_LIMITS);
  const contractOf = (application: Application) => application.contract(REGISTRY.chaincode, REGISTRY.channel);
  const argumentOf = (item: Item): string => JSON.stringify({ items: [item] });
  const nameOf = (item: Item): string => transactionOf(readSigned(item.statement));

  async function trace(device: string): Promise<Verdict> {
    const asOf = await registry.now();
    return (await registry.as('nmi-south')).traceCal(hierarchy.idOf('device', device), { asOf });
  }

  /** The verdict that a member finds, whose peer may be a block behind. */
  async function finds(device: string, expected: VerdictStatus, because = /./): Promise<void> {
    await eventually(async () => {
      const { status, reason } = await trace(device);
      assert.equal(status, expected, reason);
      assert.match(reason, because);
    }, PATIENCE_MS);
  }

  describe('an envelope that was endorsed before a seal and held back', () => {
    const report = { device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] } as const;
    const held = new Map<string, Transaction>();
    let lab: Application;
    let good: Item;

    before(async () => {
      lab = use(new Application(registry.network, 'lab-alpha'));
      good = hierarchy.addReport({ ...report, id: 'good' });
      const others = [
        hierarchy.setInterval('sensor-b', 700),
        hierarchy.reject('working-b-r1'),
        hierarchy.consent('oem-b', { laboratory: 'lab-beta' }),
        hierarchy.addStatement('revocation', ['person', 't-oem-b'], { reason: 'fraud' }),
        await hierarchy.addDevice({ id: 'spare-b', technician: 't-lab-beta' }),
      ];
      const bad = hierarchy.addReport({ ...report, id: 'bad', results: [], accepted: false });
      registry.skipNew();
      held.set('good', await endorse('createReport', argumentOf(good)));
      held.set('bad', await endorse('createReport', argumentOf(bad)));
      for (const item of others) held.set(nameOf(item), await endorse(nameOf(item), argumentOf(item)));
      held.set('anchor', await endorse('anchor', 'a'.repeat(64)));
      hierarchy.seal();
      await registry.submitNew();
    });

    /** Endorsed by enough peers, and kept by whoever asked for it. */
    const endorse = (name: string, argument: string): Promise<Transaction> =>
      eventually(() =>
        contractOf(lab)
          .newProposal(name, { arguments: [argument] })
          .endorse(),
      );

    /** What became of it. Under BFT an orderer may refuse what is ordered all the same: only the ledger's answer counts. */
    const fateOf = async (transaction: Transaction | undefined): Promise<string> => {
      assert.ok(transaction);
      await transaction.submit().catch(() => undefined);
      const outcome = await ledgerOf(lab).outcome(transaction.getTransactionId(), new Deadline(30_000));
      return outcome.state === 'refused' ? outcome.error.code : outcome.state;
    };

    it('is refused after the seal with MVCC_READ_CONFLICT: a good and a bad report of one day', async () => {
      assert.equal(await fateOf(held.get('good')), 'MVCC_READ_CONFLICT');
      assert.equal(await fateOf(held.get('bad')), 'MVCC_READ_CONFLICT');
      await assert.rejects((await registry.as('lab-alpha')).getReport('oem-a/good'), { code: 'NOT_FOUND' });
    });

    it('is refused after the seal with MVCC_READ_CONFLICT: a word of an owner, a revocation, a registration, an anchor', async () => {
      for (const [name, transaction] of held) {
        if (name !== 'good' && name !== 'bad') assert.equal(await fateOf(transaction), 'MVCC_READ_CONFLICT', name);
      }
      await finds('sensor-b', 'TRACEABLE');
    });

    it('has to be endorsed again: its statement enters the epoch that is open by then', async () => {
      assert.equal(await fateOf(await endorse('createReport', argumentOf(good))), 'committed');
      const { record } = await (await registry.as('lab-alpha')).getReport('oem-a/good');
      assert.equal(record.statement.registered.epoch, 1);
    });
  });

  describe('an envelope that is held back within its epoch', () => {
    const standard = 'lab-alpha/reference-a';
    let lab: Application;

    before(async () => {
      lab = use(new Application(registry.network, 'lab-alpha'));
      await registry.submit(await hierarchy.addOfficer({ id: 'second', organisation: 'lab-alpha' }), 'lab-alpha');
      registry.skipNew();
    });

    const endorse = (item: Item): Promise<Transaction> =>
      eventually(() =>
        contractOf(lab)
          .newProposal(nameOf(item), { arguments: [argumentOf(item)] })
          .endorse(),
      );
    const sale = (officer: string) =>
      hierarchy.transfer('reference-a', 'lab-beta', {
        by: 'lab-alpha',
        signers: [`officer:lab-alpha/${officer}`, 'officer:lab-beta/officer'],
      });
    const revocation = () =>
      hierarchy.addStatement('revocation', ['person', 'lab-alpha/second'], {
        reason: 'cessation',
        signers: ['organisation:lab-alpha'],
      });
    const fateOf = async (transaction: Transaction): Promise<string> => {
      await transaction.submit().catch(() => undefined);
      const outcome = await ledgerOf(lab).outcome(transaction.getTransactionId(), new Deadline(30_000));
      return outcome.state === 'refused' ? outcome.error.code : outcome.state;
    };
    const owned = (owner: string) =>
      eventually(async () => {
        assert.equal((await (await registry.as('nmi-south')).getDevice(standard)).owner, owner);
      }, PATIENCE_MS);

    it('is refused if it sells a standard by an officer whose key was renewed meanwhile: it read that record', async () => {
      const held = await endorse(sale('second'));
      await registry.submit(await hierarchy.addOfficer({ id: 'second', organisation: 'lab-alpha' }), 'lab-alpha');
      registry.skipNew();
      assert.equal(await fateOf(held), 'MVCC_READ_CONFLICT');
      await owned('lab-alpha');
    });

    it('takes no sold standard back if it revokes the officer who sold it: it came later', async () => {
      const held = await endorse(revocation());
      await eventually(() => registry.submit(sale('second'), 'lab-alpha'), PATIENCE_MS);
      registry.skipNew();
      assert.equal(await fateOf(held), 'committed');
      await owned('lab-beta');
    });
  });

  describe('a relay', () => {
    it('cannot hold back a rejection: the owner has any other member submit it, and it counts', async () => {
      for (const member of WRITERS) {
        const id = `unwanted-by-${member}`;
        const report = { device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] } as const;
        await registry.submit(hierarchy.addReport({ ...report, id }), 'lab-alpha');
        const rejection = hierarchy.reject(id);
        registry.skipNew();
        await eventually(() => registry.submit(rejection, member));
        await finds('working-a', 'FAILED', new RegExp(`has rejected report lab-alpha/${id}`));
      }
    });

    it('cannot register an acceptance after the rejection that followed it', async () => {
      const report = { device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] } as const;
      await registry.submit(hierarchy.addReport({ ...report, id: 'doubtful', accepted: false }), 'lab-alpha');
      const kept = hierarchy.accept('doubtful');
      const rejection = hierarchy.reject('doubtful');
      registry.skipNew();
      await eventually(() => registry.submit(rejection, 'nmi-east'));
      await eventually(
        () => assert.rejects(registry.submit(kept, 'lab-alpha'), { code: 'ALREADY_EXISTS' }),
        PATIENCE_MS,
      );
      const { record } = await (await registry.as('nmi-east')).getDevice('oem-a/working-a');
      const words = record.ownership.map(({ jws }) => readSigned(jws));
      assert.deepEqual(words.at(-1)?.body, readSigned(rejection.statement).body);
    });

    it('cannot hold back a revocation either', async () => {
      const revocation = hierarchy.addStatement('revocation', ['device', 'working-a'], { reason: 'out-of-tolerance' });
      registry.skipNew();
      await registry.submit(revocation, 'lab-beta');
      await finds('sensor-a', 'FAILED', /working-a is revoked/);
    });

    it('cannot change what it relays, nor answer for the owner', async () => {
      const word = hierarchy.setInterval('sensor-b', 30);
      registry.skipNew();
      const signed = readSigned(word.statement);
      const changed = { ...word.statement, payload: encoded({ ...signed, body: { intervalDays: 3650 } }) };
      await assert.rejects(registry.submit({ statement: changed }, 'lab-beta'), { code: 'SIGNATURE_INVALID' });
      const own = hierarchy.changed(word.statement, {}, ['officer:lab-beta/officer']);
      await assert.rejects(registry.submit({ statement: own }, 'lab-beta'), { code: 'SIGNATURE_INVALID' });
    });
  });

  describe('an OEM and a monitor, with every role that their own CAs can write,', () => {
    it('submit no transaction of the registry, by client, administrator or peer: the contract refuses', async () => {
      const readers: [name: string, application: Application][] = [];
      for (const reader of ['oem-a', 'monitor']) {
        for (const role of ['client', 'admin', 'peer'] as const) {
          const credentials = await enrolled(registry.network, reader, { role, roles: ROLES });
          readers.push([`${role} of ${reader}`, use(new Application(registry.network, reader, { credentials }))]);
        }
      }
      const lab = await registry.as('lab-alpha');
      const sound = everyTransaction(hierarchy, (item) => presentItem(hierarchy, item, lab));
      assert.deepEqual(sound.map(({ name }) => name).sort(), await submittingTransactions());
      const writer = use(new Application(registry.network, 'lab-alpha'));
      for (const { name, argument } of sound) {
        const json = await argument();
        for (const [who, application] of readers) {
          const failure = await failureOf(contractOf(application).submitTransaction(name, json));
          assert.equal(failure.name, 'EndorseError', `${name} by the ${who}: ${failure.text}`);
          assert.match(failure.text, CONTRACT_REFUSES, `${name} by the ${who}`);
        }
        // It was sound: who may write registers it.
        await eventually(() => ledgerOf(writer).submit(name, { arguments: [json] }));
        registry.skipNew();
      }
    });

    it('anchor no root of proofs, which reads nothing that the contract could judge by: the orderers refuse', async () => {
      const root = 'ab'.repeat(32);
      for (const reader of ['oem-a', 'monitor']) {
        const credentials = await enrolled(registry.network, reader, { role: 'client', roles: ROLES });
        const application = use(new Application(registry.network, reader, { credentials }));
        const failure = await failureOf(contractOf(application).submitTransaction(READ_FREE, root));
        assert.equal(failure.name, 'SubmitError', failure.text);
        assert.match(failure.text, /FORBIDDEN/);
      }
      await contractOf(use(new Application(registry.network, 'lab-alpha'))).submitTransaction(READ_FREE, root);
    });

    /** What a founded registry takes, as its chaincode describes itself. */
    async function submittingTransactions(): Promise<readonly string[]> {
      const lab = use(new Application(registry.network, 'lab-alpha'));
      const described = await contractOf(lab).evaluateTransaction('org.hyperledger.fabric:GetMetadata');
      const { contracts } = JSON.parse(text(described)) as Metadata;
      return (contracts['registry']?.transactions ?? [])
        .filter(({ tag, name }) => tag.includes('submitTx') && !['found', READ_FREE].includes(name))
        .map(({ name }) => name)
        .sort();
    }
  });

  describe('a compromised institute', () => {
    const dropped = { author: 'nmi-north', reason: 'key-compromise' } as const;

    before(async () => {
      await hierarchy.addTechnician({ id: 't-nmi-east', organisation: 'nmi-east' });
      await hierarchy.addDevice({ id: 'primary-c', technician: 't-nmi-east' });
      hierarchy.addReport({ id: 'primary-c-r1', device: 'primary-c', technician: 't-nmi-east' });
      await registry.submitNew();
    });

    it('drops nobody by its own word', async () => {
      const alone = hierarchy.statement('revocation', {
        author: 'nmi-east',
        subject: { kind: 'organisation', id: 'nmi-north' },
        body: { reason: 'fraud', effective: hierarchy.dates.founded },
      });
      const statement = hierarchy.sign(alone, ['officer:nmi-east/officer']);
      await assert.rejects(registry.submit({ statement }), { code: 'SIGNATURE_INVALID' });
    });

    it('is dropped by the others, and what it vouched for with it', async () => {
      await finds('primary-c', 'TRACEABLE');
      const item = hierarchy.addStatement('revocation', ['organisation', 'nmi-east'], dropped);
      registry.skipNew();
      const signers = item.statement.signatures.length;
      await registry.submit(item, 'lab-beta');
      assert.ok(signers >= 2);
      const { institutes } = await (await registry.as('lab-beta')).getRegistry();
      const fallen = institutes.filter(({ impediments }) => impediments.length > 0);
      assert.deepEqual(
        fallen.map(({ id }) => id),
        ['nmi-east'],
      );
      await finds('primary-c', 'FAILED', /nmi-east is revoked/);
    });

    it('has no say from then on: it signs no heartbeat and admits nobody', async () => {
      const beat = await presentItem(hierarchy, hierarchy.addHeartbeat('nmi-east'), await registry.as('nmi-north'));
      const signers = ['organisation:nmi-friend', 'officer:nmi-east/officer', 'officer:nmi-south/officer'];
      const friend = await hierarchy.addOrganisation({ id: 'nmi-friend', kind: 'NMI', signers });
      registry.skipNew();
      await assert.rejects(registry.submit(beat, 'nmi-east'), { code: 'NOT_AUTHORISED' });
      for (const [author, code] of [
        ['nmi-east', 'NOT_AUTHORISED'],
        ['nmi-south', 'SIGNATURE_INVALID'],
      ] as const) {
        const statement = hierarchy.changed(friend.statement, { author }, signers);
        await assert.rejects(registry.submit({ ...friend, statement }, 'nmi-east'), { code }, author);
      }
    });

    it('vetoes nobody: the others admit a new institute without it', async () => {
      const item = await hierarchy.addOrganisation({ id: 'nmi-new', kind: 'NMI' });
      registry.skipNew();
      await registry.submit(item, 'lab-beta');
      const { institutes } = await (await registry.as('lab-beta')).getRegistry();
      assert.ok(institutes.some(({ id }) => id === 'nmi-new'));
    });

    it('takes nobody else down with it', async () => {
      await finds('reference-a', 'TRACEABLE');
    });
  });
});

function encoded(statement: object): string {
  return Buffer.from(canonicalJson(statement)).toString('base64url');
}
