import assert from 'node:assert/strict';
import { common, msp, orderer, peer } from '@hyperledger/fabric-protos';
import { applicationPolicy, parsePolicy } from '@tracecal/network/channel';
import { defaultConsortiumFile, readConsortium } from '@tracecal/network/topology';
import { Application } from '../support/application.js';
import { broadcast, presentConfig, updateConfig } from '../support/configUpdates.js';
import { engineName, selectedEngine, type EngineNetwork } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { failureOf } from '../support/failure.js';
import { handMadeWrites, type HandMadeWrite } from '../support/handMadeWrites.js';
import { StolenKeys, type StolenKey } from '../support/stolenKeys.js';
import { buildTransaction, newTransactionId, type TransactionParts } from '../support/transactionBuilder.js';

const { VALID, ENDORSEMENT_POLICY_FAILURE } = peer.TxValidationCode;
const START_MS = 240_000;
const CHANNEL = 'calibration';
const NMIS = ['nmi-north', 'nmi-south', 'nmi-east'];
const OTHERS = ['lab-alpha', 'lab-beta', 'oem-a', 'oem-b', 'monitor'];
const BELOW = ['oem-a', 'oem-b', 'monitor'];
/** A policy by which a laboratory alone would decide. */
const ONE_LAB = "OR('LabAlphaMSP.peer')";

/** Every set of some of these, the empty one included. */
function subsets<T>(all: readonly T[]): readonly (readonly T[])[] {
  return all.reduce<readonly (readonly T[])[]>((sets, one) => [...sets, ...sets.map((set) => [...set, one])], [[]]);
}

/** Everybody who could sign something and is not enough for it: all sets of members with one NMI at most. */
const TOO_FEW = [undefined, ...NMIS].flatMap((institute) =>
  subsets(OTHERS).map((set) => (institute === undefined ? set : [institute, ...set])),
);

describe(`The one policy of the calibration level [${engineName}]`, function () {
  this.timeout(START_MS);

  let network: EngineNetwork;
  let keys: StolenKeys;
  const applications = new Map<string, Application>();

  before(async () => {
    network = await (await selectedEngine()).start(readConsortium(defaultConsortiumFile()));
    keys = new StolenKeys(network);
  });

  after(async () => {
    for (const application of applications.values()) application.close();
    await (network as EngineNetwork | undefined)?.stop();
  });

  function as(organisation: string, user = 'User1'): Application {
    const name = `${organisation}/${user}`;
    const known = applications.get(name) ?? new Application(network, organisation, { user });
    applications.set(name, known);
    return known;
  }

  /** What the ledger says of a transaction. Under BFT an orderer may refuse what it orders all the same: only this counts. */
  async function codeOf(txId: string): Promise<number> {
    return eventually(async () => {
      const system = as('lab-alpha').network(CHANNEL).getContract('qscc');
      const bytes = await system.evaluateTransaction('GetTransactionByID', CHANNEL, txId);
      return peer.ProcessedTransaction.deserializeBinary(bytes).getValidationcode();
    });
  }

  interface Forgery {
    /** Whose peers sign it. */
    readonly by: readonly string[];
    readonly writes: readonly HandMadeWrite[];
    readonly chaincode?: string;
    readonly version?: string;
    readonly event?: TransactionParts['event'];
    readonly creator?: StolenKey;
  }

  function forge({
    by,
    writes,
    chaincode = 'registry',
    version = '1.0',
    event,
    creator = 'lab-alpha/client',
  }: Forgery) {
    const { nonce } = newTransactionId(creator, undefined, keys);
    const parts: TransactionParts = {
      channelId: CHANNEL,
      chaincode,
      version,
      results: handMadeWrites(chaincode, writes),
      endorsers: by.map((id) => `${id}/peer`),
      creator,
      nonce,
      ...(event !== undefined && { event }),
    };
    const { txId, envelope } = buildTransaction(parts, {}, keys);
    return { txId, envelope: common.Envelope.deserializeBinary(envelope) };
  }

  /** Has a hand-made transaction of the registry ordered, which no chaincode ran for, and says what became of it. */
  async function committed(forgery: Forgery): Promise<number> {
    const { txId, envelope } = forge(forgery);
    await broadcast(as('lab-alpha'), CHANNEL, envelope);
    return codeOf(txId);
  }

  /** What became of a hand-made transaction that the peers of each set endorsed, of those that are not enough. */
  async function committedByTooFew(forgery: Omit<Forgery, 'by'>): Promise<ReadonlyMap<string, number>> {
    const told = TOO_FEW.map((by) => ({ by: by.join(', '), ...forge({ by, ...forgery }) }));
    // A few at a time: orderers keep so many that they have not ordered yet.
    for (let first = 0; first < told.length; first += 16) {
      await Promise.all(
        told.slice(first, first + 16).map(({ envelope }) => broadcast(as('lab-alpha'), CHANNEL, envelope)),
      );
    }
    const codes = new Map<string, number>();
    for (const { by, txId } of told) codes.set(by, await codeOf(txId));
    return codes;
  }

  describe('a hand-made transaction', () => {
    const write = { key: 'hand-made', value: 'never said' };

    it('is valid with the peers of two NMIs, so the transactions below are refused for their endorsers', async () => {
      for (const by of [NMIS.slice(0, 2), NMIS.slice(1), NMIS]) {
        assert.equal(await committed({ by, writes: [write] }), VALID, by.join(', '));
      }
    });

    it('is invalid with the peers of all other members and one NMI, and with any fewer', async () => {
      assert.equal(TOO_FEW.length, 4 * 32);
      for (const [by, code] of await committedByTooFew({ writes: [write] })) {
        assert.equal(code, ENDORSEMENT_POLICY_FAILURE, by);
      }
    });

    for (const [what, writes] of [
      ['erases what an NMI has said', [{ key: 'hand-made', deleted: true }]],
      ['says something else in its place', [{ key: 'hand-made', value: 'not so' }]],
      ['gives a record a policy of its own', [{ key: 'hand-made', policy: parsePolicy(ONE_LAB).serializeBinary() }]],
      [
        'makes a record with a policy of its own',
        [
          { key: 'new', value: 'new' },
          { key: 'new', policy: parsePolicy(ONE_LAB).serializeBinary() },
        ],
      ],
      ['writes nothing, and has an event', []],
    ] as readonly (readonly [string, readonly HandMadeWrite[]])[]) {
      it(`by two laboratories and one NMI is invalid if it ${what}`, async () => {
        const event = { chaincode: 'registry', name: 'Revoked' };
        for (const by of [
          ['lab-alpha', 'lab-beta'],
          ['nmi-east', 'lab-alpha', 'lab-beta'],
        ]) {
          assert.equal(await committed({ by, writes, event }), ENDORSEMENT_POLICY_FAILURE, by.join(', '));
        }
      });
    }

    it('is invalid with one NMI and any of the others if it changes the definition of the registry', async () => {
      const own = applicationPolicy(ONE_LAB).serializeBinary();
      const key = 'namespaces/fields/registry/ValidationInfo';
      const codes = await committedByTooFew({
        chaincode: '_lifecycle',
        version: 'syscc',
        writes: [{ key, value: Buffer.from(own).toString('latin1') }],
      });
      for (const [by, code] of codes) {
        assert.notEqual(code, VALID, by);
        if (engineName !== 'embedded') assert.equal(code, ENDORSEMENT_POLICY_FAILURE, by);
      }
    });
  });

  describe('another definition of the registry', () => {
    const COLLUDING = ['lab-alpha', 'lab-beta', 'nmi-east'] as const;

    function definition<
      T extends peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs | peer.lifecycle.CommitChaincodeDefinitionArgs,
    >(args: T): T {
      args.setName('registry');
      args.setVersion('1.0');
      args.setSequence(2);
      args.setEndorsementPlugin('escc');
      args.setValidationPlugin('vscc');
      args.setValidationParameter(applicationPolicy(ONE_LAB).serializeBinary());
      return args;
    }

    const lifecycle = (organisation: string) => as(organisation, 'Admin').contract('_lifecycle', CHANNEL);

    function approve(organisation: string, mspId: string): Promise<Uint8Array> {
      const source = new peer.lifecycle.ChaincodeSource();
      source.setUnavailable(new peer.lifecycle.ChaincodeSource.Unavailable());
      const args = definition(new peer.lifecycle.ApproveChaincodeDefinitionForMyOrgArgs());
      args.setSource(source);
      return lifecycle(organisation).submit('ApproveChaincodeDefinitionForMyOrg', {
        arguments: [args.serializeBinary()],
        endorsingOrganizations: [mspId],
      });
    }

    const mspIdOf = (id: string): string => network.consortium.organisations.find((one) => one.id === id)!.mspId;

    if (engineName === 'embedded') {
      it('cannot be approved at all: the description of the network decides', async () => {
        await assert.rejects(approve('lab-alpha', mspIdOf('lab-alpha')), { name: 'EndorseError' });
      });
      return;
    }

    it('cannot be committed by two laboratories and one NMI', async () => {
      for (const id of COLLUDING) await approve(id, mspIdOf(id));
      const args = definition(new peer.lifecycle.CommitChaincodeDefinitionArgs());
      const commit = {
        arguments: [args.serializeBinary()],
        endorsingOrganizations: COLLUDING.map(mspIdOf),
      };
      // Each of them must have heard of the others' approvals, or their answers differ.
      const transaction = await eventually(() =>
        lifecycle('lab-alpha').newProposal('CommitChaincodeDefinition', commit).endorse(),
      );
      await transaction.submit();
      assert.equal(await codeOf(transaction.getTransactionId()), ENDORSEMENT_POLICY_FAILURE);
      await stays();
    });

    async function stays(): Promise<void> {
      const query = new peer.lifecycle.QueryChaincodeDefinitionArgs();
      query.setName('registry');
      const answer = await as('lab-beta')
        .contract('_lifecycle', CHANNEL)
        .evaluate('QueryChaincodeDefinition', { arguments: [query.serializeBinary()] });
      const found = peer.lifecycle.QueryChaincodeDefinitionResult.deserializeBinary(answer);
      assert.equal(found.getSequence(), 1);
      const policy = peer.ApplicationPolicy.deserializeBinary(found.getValidationParameter_asU8());
      assert.equal(policy.getChannelConfigPolicyReference(), '/Channel/Application/Endorsement');
    }

    it('cannot be approved by a reader outside a deployment', async () => {
      const failure = await failureOf(approve('oem-a', 'OemAMSP'));
      assert.match(failure.text, /FORBIDDEN|permission denied/);
    });
  });

  describe("the channel's configuration", () => {
    /** All who could sign an update and are no majority of the NMIs, with the ordering nodes that are theirs. */
    const COLLUDING: readonly StolenKey[] = [
      'lab-alpha/admin',
      'lab-beta/admin',
      'lab-alpha/orderer-admin',
      'oem-a/admin',
      'oem-b/admin',
      'monitor/admin',
      'nmi-east/admin',
      'nmi-east/orderer-admin',
    ];

    const present = () => presentConfig(as('lab-alpha'), CHANNEL);
    const update = (change: (root: common.ConfigGroup) => void, [first, ...others]: readonly StolenKey[]) =>
      updateConfig(as('lab-alpha'), CHANNEL, change, [keys.signer(first!), ...others.map((key) => keys.signer(key))]);

    const section = (root: common.ConfigGroup, ...path: readonly string[]): common.ConfigGroup =>
      path.reduce((group, name) => group.getGroupsMap().get(name)!, root);

    function decide(group: common.ConfigGroup, policy: string, by: string): void {
      const signature = new common.Policy();
      signature.setType(common.Policy.PolicyType.SIGNATURE);
      signature.setValue(parsePolicy(by).serializeBinary());
      group.getPoliciesMap().get(policy)!.setPolicy(signature);
    }

    const shorterBlocks = (root: common.ConfigGroup): void => {
      const timeout = new orderer.BatchTimeout();
      timeout.setTimeout('30ms');
      section(root, 'Orderer').getValuesMap().get('BatchTimeout')!.setValue(timeout.serializeBinary());
    };
    const oneConsenterLess = (root: common.ConfigGroup): void => {
      const value = section(root, 'Orderer').getValuesMap().get('Orderers')!;
      const orderers = common.Orderers.deserializeBinary(value.getValue_asU8());
      orderers.setConsenterMappingList(orderers.getConsenterMappingList().slice(1));
      value.setValue(orderers.serializeBinary());
    };
    const LAB_ADMIN = "OR('LabAlphaMSP.admin')";
    /** The part of an ordering organisation whose administrator is among the signers. */
    const ownOrderer = (root: common.ConfigGroup) => section(root, 'Orderer', 'LabAlphaOrdererMSP');
    const deadAddresses = (root: common.ConfigGroup): void => {
      const endpoints = new common.OrdererAddresses();
      endpoints.setAddressesList(['localhost:9', 'localhost:19']);
      ownOrderer(root).getValuesMap().get('Endpoints')!.setValue(endpoints.serializeBinary());
    };
    const otherAuthority = (root: common.ConfigGroup): void => {
      const value = ownOrderer(root).getValuesMap().get('MSP')!;
      const config = msp.MSPConfig.deserializeBinary(value.getValue_asU8());
      const fabric = msp.FabricMSPConfig.deserializeBinary(config.getConfig_asU8());
      fabric.setTlsRootCertsList([]);
      config.setConfig(fabric.serializeBinary());
      value.setValue(config.serializeBinary());
    };

    const changes: readonly (readonly [what: string, change: (root: common.ConfigGroup) => void])[] = [
      ['who endorses', (root) => decide(section(root, 'Application'), 'Endorsement', ONE_LAB)],
      ['who agrees on chaincodes', (root) => decide(section(root, 'Application'), 'LifecycleEndorsement', ONE_LAB)],
      ['who administers the level', (root) => decide(section(root, 'Application'), 'Admins', LAB_ADMIN)],
      ['who writes', (root) => decide(section(root, 'Application'), 'Writers', "OR('OemAMSP.member')")],
      ['who may send to the orderers', (root) => decide(root, 'Writers', "OR('OemAMSP.member')")],
      ['who administers the channel', (root) => decide(root, 'Admins', LAB_ADMIN)],
      ['who administers the ordering service', (root) => decide(section(root, 'Orderer'), 'Admins', LAB_ADMIN)],
      ['which blocks are valid', (root) => decide(section(root, 'Orderer'), 'BlockValidation', LAB_ADMIN)],
      ['how blocks are cut', shorterBlocks],
      ['who orders', oneConsenterLess],
      ['that an NMI is a member', (root) => void section(root, 'Application').getGroupsMap().del('NmiNorthMSP')],
      [
        "who administers an NMI's part",
        (root) => decide(section(root, 'Application', 'NmiNorthMSP'), 'Admins', LAB_ADMIN),
      ],
      [
        "who administers an NMI's orderer",
        (root) => decide(section(root, 'Orderer', 'NmiNorthOrdererMSP'), 'Admins', LAB_ADMIN),
      ],
      ['where the orderer of one of them is reached', deadAddresses],
      ['who certifies the orderer of one of them', otherAuthority],
      ['who administers the orderer of one of them', (root) => decide(ownOrderer(root), 'Admins', LAB_ADMIN)],
      ['by whom a part may be changed', (root) => section(root, 'Application').setModPolicy('Writers')],
    ];

    for (const [what, change] of changes) {
      it(`cannot be changed by two laboratories, one NMI and all lower members together: ${what}`, async () => {
        const before = (await present()).getSequence();
        const outcome = await update(change, COLLUDING);
        assert.ok(outcome.kind === 'refused');
        assert.match(outcome.message, /not satisfied|do not satisfy/);
        assert.equal((await present()).getSequence(), before);
      });
    }

    it('cannot be changed by the administrators of any set of members with one NMI at most', async () => {
      const before = (await present()).getSequence();
      for (const set of TOO_FEW) {
        const [first, ...others] = set.map((member) => `${member}/admin` as StolenKey);
        if (first === undefined) continue;
        const outcome = await update(shorterBlocks, [first, ...others]);
        assert.equal(outcome.kind, 'refused', set.join());
      }
      assert.equal((await present()).getSequence(), before);
    });

    it('can be changed by two NMIs, so the updates above are refused for their signers', async () => {
      const before = (await present()).getSequence();
      await update(shorterBlocks, ['nmi-north/admin', 'nmi-south/admin']);
      await eventually(async () => {
        assert.equal((await present()).getSequence(), before + 1);
      });
    });

    it("can be changed by a member alone for its own peers' addresses, but not for another member's", async () => {
      const without = (mspId: string) => (root: common.ConfigGroup) =>
        void section(root, 'Application', mspId).getValuesMap().del('AnchorPeers');
      const before = (await present()).getSequence();
      assert.equal((await update(without('LabBetaMSP'), ['lab-alpha/admin'])).kind, 'refused');
      await update(without('LabAlphaMSP'), ['lab-alpha/admin']);
      await eventually(async () => {
        assert.equal((await present()).getSequence(), before + 1);
      });
    });
  });

  describe('a member below the calibration level', () => {
    for (const id of BELOW) {
      for (const which of ['client', 'peer', 'admin'] as const) {
        it(`cannot submit as ${id}'s ${which}, even with the endorsement of every NMI: the orderers refuse`, async () => {
          const { envelope } = forge({
            by: NMIS,
            writes: [{ key: `from ${id}`, value: which }],
            creator: `${id}/${which}`,
          });
          for (const through of [id, 'nmi-north']) {
            const outcome = await broadcast(as(through), CHANNEL, envelope);
            assert.ok(outcome.kind === 'refused');
            assert.match(outcome.message, /FORBIDDEN/);
          }
        });
      }
    }
  });
});
