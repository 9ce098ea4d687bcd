import { common, peer } from '@hyperledger/fabric-protos';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { allOf, fakeConfigEnvelope } from '../../../../support/fakeAccess.js';
import { bytes, chaincode, LedgerFixture, type ProposeOptions } from '../../../../support/ledgerFixture.js';
import { asyncProperty } from '../../../../support/property.js';
import type { Tampering } from '../../../../support/transactionBuilder.js';

const Code = peer.TxValidationCode;

describe('what a ledger accepts', () => {
  let fixture: LedgerFixture;
  beforeEach(async () => {
    fixture = await LedgerFixture.open([
      chaincode('registry', {
        collections: [
          {
            name: 'prices',
            members: ['LabMSP'],
            memberOnlyRead: false,
            memberOnlyWrite: false,
            blockToLive: 0,
            endorsementPolicy: allOf('LabMSP'),
          },
        ],
      }),
      chaincode('callee', { endorsementPolicy: allOf('LabMSP') }),
    ]);
  });
  afterEach(() => fixture.end());

  const write = (key = 'a', value = '1', namespace = 'registry', options: ProposeOptions = {}) =>
    fixture.propose((simulator) => {
      simulator.putState(namespace, key, bytes(value));
    }, options);
  const guard = (key: string, mspId: string, options: ProposeOptions = {}) =>
    fixture.propose((simulator) => {
      simulator.putState('registry', key, bytes('guarded'));
      simulator.putMetadata('registry', key, 'VALIDATION_PARAMETER', bytes(mspId));
    }, options);

  describe('form', () => {
    const cases: readonly [what: string, tampering: Tampering, code: number][] = [
      [
        'a creator signature over something else',
        { envelope: (e) => e.setSignature(bytes('x')) },
        Code.BAD_CREATOR_SIGNATURE,
      ],
      ['a creator of no member', { signatureHeader: (h) => h.setCreator(bytes('?')) }, Code.BAD_CREATOR_SIGNATURE],
      ['no payload', { envelope: (e) => e.setPayload('') }, Code.BAD_COMMON_HEADER],
      ['a payload that is no payload', { envelope: (e) => e.setPayload(bytes('\x0a\xff')) }, Code.BAD_PAYLOAD],
      ['a header of an unknown type', { channelHeader: (h) => h.setType(77) }, Code.BAD_COMMON_HEADER],
      ['an epoch', { channelHeader: (h) => h.setEpoch(1) }, Code.BAD_COMMON_HEADER],
      ['no nonce', { signatureHeader: (h) => h.setNonce('') }, Code.BAD_COMMON_HEADER],
      [
        'a config update',
        { channelHeader: (h) => h.setType(common.HeaderType.CONFIG_UPDATE) },
        Code.UNSUPPORTED_TX_PAYLOAD,
      ],
      ['another channel', { channelHeader: (h) => h.setChannelId('measurement') }, Code.TARGET_CHAIN_NOT_FOUND],
      [
        'an id that is not of its nonce and creator',
        { channelHeader: (h) => h.setTxId('abc') },
        Code.BAD_PROPOSAL_TXID,
      ],
      ['two actions', { transaction: (t) => t.addActions(t.getActionsList()[0]) }, Code.INVALID_ENDORSER_TRANSACTION],
      ['no action', { transaction: (t) => t.setActionsList([]) }, Code.INVALID_ENDORSER_TRANSACTION],
      [
        'an answer to another proposal',
        { response: (r) => r.setProposalHash(bytes('?')) },
        Code.INVALID_ENDORSER_TRANSACTION,
      ],
      ['no chaincode answer', { response: (r) => r.setExtension$('') }, Code.BAD_RESPONSE_PAYLOAD],
      ['results that are none', { action: (a) => a.setResults(bytes('\x0a\xff')) }, Code.BAD_RWSET],
      [
        'a broken header extension',
        { channelHeader: (h) => h.setExtension$(bytes('\x0a\xff')) },
        Code.BAD_HEADER_EXTENSION,
      ],
      ['no chaincode id', { action: (a) => a.clearChaincodeId() }, Code.INVALID_OTHER_REASON],
      [
        'another chaincode than was invoked',
        { action: (a) => a.getChaincodeId()?.setName('callee') },
        Code.INVALID_CHAINCODE,
      ],
      ['no version of the chaincode', { action: (a) => a.getChaincodeId()?.setVersion('') }, Code.INVALID_CHAINCODE],
    ];
    for (const [what, tampering, code] of cases) {
      it(`refuses ${what}`, async () => {
        assert.deepEqual(await fixture.commit(await write('a', '1', 'registry', { tampering })), [code]);
        assert.equal(await fixture.state('a'), undefined);
      });
    }

    it('asks for no other version of the chaincode than any', async () => {
      const tampering: Tampering = { action: (a) => a.getChaincodeId()?.setVersion('9.9') };
      assert.deepEqual(await fixture.commit(await write('a', '1', 'registry', { tampering })), [Code.VALID]);
    });

    it('refuses an event in the name of another chaincode', async () => {
      const event = { chaincode: 'callee', name: 'reported' };
      assert.deepEqual(await fixture.commit(await write('a', '1', 'registry', { event })), [Code.INVALID_OTHER_REASON]);
    });

    it('refuses a chaincode that the channel has not agreed on', async () => {
      assert.deepEqual(await fixture.commit(await write('a', '1', 'unknown')), [Code.INVALID_CHAINCODE]);
    });

    it('never throws on garbage and goes on afterwards', async () => {
      const good = await write();
      const garbage = [bytes(''), bytes('garbage'), good.envelope.subarray(0, 100), Buffer.alloc(1000, 0xff)];
      const codes = await fixture.commit(...garbage, good);
      assert.equal(codes.at(-1), Code.VALID);
      assert.ok(codes.slice(0, -1).every((code) => code !== Code.VALID));
      assert.equal(await fixture.state('a'), '1');
    });

    it('commits no damaged transaction as valid, wherever the damage is', async () => {
      await asyncProperty(
        fc.record({ position: fc.double({ min: 0, max: 1, noNaN: true }), flip: fc.integer({ min: 1, max: 255 }) }),
        async ({ position, flip }) => {
          const { envelope } = await write();
          const damaged = Buffer.from(envelope);
          const index = Math.min(damaged.length - 1, Math.floor(position * damaged.length));
          damaged[index]! ^= flip;
          const [code] = await fixture.commit(damaged);
          assert.notEqual(code, Code.VALID);
        },
        100,
      );
    });
  });

  describe('transaction ids', () => {
    it('are used once: in a block and ever after, also by a transaction that failed', async () => {
      const nonce = bytes('once');
      const first = await write('a', '1', 'registry', { nonce });
      const second = await write('a', '2', 'registry', { nonce });
      assert.deepEqual(await fixture.commit(first, second), [Code.VALID, Code.DUPLICATE_TXID]);
      assert.deepEqual(await fixture.commit(second), [Code.DUPLICATE_TXID]);
      assert.equal(await fixture.state('a'), '1');
      assert.equal((await fixture.ledger.transaction(first.txId))?.code, Code.VALID);
      const failed = await write('b', '1', 'registry', { endorsers: ['NorthMSP'] });
      assert.deepEqual(await fixture.commit(failed), [Code.ENDORSEMENT_POLICY_FAILURE]);
      assert.deepEqual(await fixture.commit(failed), [Code.DUPLICATE_TXID]);
      assert.equal((await fixture.ledger.transaction(failed.txId))?.code, Code.ENDORSEMENT_POLICY_FAILURE);
    });

    it('of an invalid transaction do not stop a good one of the same block', async () => {
      const nonce = bytes('again');
      const bad = await write('a', '1', 'registry', { nonce, endorsers: [] });
      const good = await write('a', '2', 'registry', { nonce });
      assert.deepEqual(await fixture.commit(bad, good), [Code.ENDORSEMENT_POLICY_FAILURE, Code.VALID]);
    });
  });

  describe('endorsements', () => {
    const failed = [Code.ENDORSEMENT_POLICY_FAILURE];

    it('must satisfy the chaincode policy, also when nothing is written', async () => {
      assert.deepEqual(await fixture.commit(await write('a', '1', 'registry', { endorsers: ['NorthMSP'] })), failed);
      const reads = await fixture.propose(async (s) => assert.equal(await s.getState('registry', 'a'), undefined), {
        endorsers: [],
      });
      assert.deepEqual(await fixture.commit(reads), failed);
    });

    it('must be over this very answer', async () => {
      const tampering: Tampering = { endorsements: (list) => (list[0]?.setSignature(bytes('x')), list) };
      assert.deepEqual(await fixture.commit(await write('a', '1', 'registry', { tampering })), failed);
    });

    it('must satisfy the policy of every chaincode that is written to', async () => {
      const across = (endorsers: string[]) =>
        fixture.propose(
          (simulator) => {
            simulator.putState('registry', 'a', bytes('1'));
            simulator.putState('callee', 'a', bytes('1'));
          },
          { endorsers },
        );
      assert.deepEqual(await fixture.commit(await across(['NorthMSP', 'SouthMSP'])), failed);
      assert.deepEqual(await fixture.commit(await across(['NorthMSP', 'SouthMSP', 'LabMSP'])), [Code.VALID]);
    });

    it('are asked by a key with a policy of its own instead of the chaincode policy', async () => {
      await fixture.commit(await guard('lane', 'LabMSP'));
      assert.deepEqual(await fixture.commit(await write('lane')), failed);
      const byLab = await write('lane', '2', 'registry', { endorsers: ['LabMSP'] });
      assert.deepEqual(await fixture.commit(byLab), [Code.VALID]);
    });

    it('for a changed key policy are those of the old one', async () => {
      await fixture.commit(await guard('lane', 'LabMSP'));
      const takeOver = (endorsers: string[]) =>
        fixture.propose((s) => s.putMetadata('registry', 'lane', 'VALIDATION_PARAMETER', bytes('NorthMSP')), {
          endorsers,
        });
      assert.deepEqual(await fixture.commit(await takeOver(['NorthMSP', 'SouthMSP'])), failed);
      assert.deepEqual(await fixture.commit(await takeOver(['LabMSP'])), [Code.VALID]);
      assert.deepEqual(await fixture.commit(await write('lane', '2', 'registry', { endorsers: ['NorthMSP'] })), [
        Code.VALID,
      ]);
    });

    it('cannot suffice for a key whose policy changed earlier in the same block', async () => {
      const guarded = await guard('lane', 'LabMSP');
      const later = await write('lane', '2', 'registry', { endorsers: ['NorthMSP', 'SouthMSP', 'LabMSP'] });
      assert.deepEqual(await fixture.commit(guarded, later), [Code.VALID, ...failed]);
      const refused = await guard('other', 'LabMSP', { endorsers: [] });
      assert.deepEqual(await fixture.commit(refused, await write('other')), [...failed, Code.VALID]);
    });

    it('in a collection are those of the collection policy', async () => {
      const priced = (endorsers: string[], collection = 'prices') =>
        fixture.propose((s) => s.putPrivate('registry', collection, 'a', bytes('1')), { endorsers });
      assert.deepEqual(await fixture.commit(await priced(['NorthMSP', 'SouthMSP'])), failed);
      assert.deepEqual(await fixture.commit(await priced(['LabMSP'])), [Code.VALID]);
      await assert.rejects(() => priced([], 'nowhere'), { code: 'UNKNOWN_COLLECTION' });
    });

    it("in an organisation's own collection are those of the organisation", async () => {
      const kept = (endorsers: string[], mspId = 'LabMSP') =>
        fixture.propose((s) => s.putPrivate('registry', `_implicit_org_${mspId}`, 'a', bytes('1')), { endorsers });
      assert.deepEqual(await fixture.commit(await kept(['NorthMSP', 'SouthMSP'])), failed);
      assert.deepEqual(await fixture.commit(await kept(['LabMSP'])), [Code.VALID]);
      await assert.rejects(() => kept([], 'NobodyMSP'), { code: 'UNKNOWN_COLLECTION' });
    });
  });

  describe('reads', () => {
    const increment = (key: string) =>
      fixture.propose(async (simulator) => {
        const value = await simulator.getState('registry', key);
        simulator.putState('registry', key, bytes(`${value ? Buffer.from(value).toString() : ''}+`));
      });
    const count = (start = 'k', end = 'l') =>
      fixture.propose(async (simulator) => {
        let found = 0;
        for await (const { key } of simulator.getRange('registry', start, end)) {
          found += key.length > 0 ? 1 : 0;
        }
        simulator.putState('registry', 'count', bytes(String(found)));
      });

    it('must be of the latest version, in the block and before it', async () => {
      const [one, two, late] = [await increment('a'), await increment('a'), await increment('a')];
      assert.deepEqual(await fixture.commit(one, two), [Code.VALID, Code.MVCC_READ_CONFLICT]);
      assert.deepEqual(await fixture.commit(late), [Code.MVCC_READ_CONFLICT]);
      assert.equal(await fixture.state('a'), '+');
    });

    it('conflict with an absent key that appeared, and blind writes with nothing', async () => {
      const reader = await increment('a');
      assert.deepEqual(await fixture.commit(await write('a', 'x'), await write('a', 'y'), reader), [
        Code.VALID,
        Code.VALID,
        Code.MVCC_READ_CONFLICT,
      ]);
      assert.equal(await fixture.state('a'), 'y');
    });

    it('of a range conflict with keys that appear, change or vanish in it', async () => {
      await fixture.commit(await write('k1'), await write('k2'));
      for (const disturb of [
        () => write('k3'),
        () => write('k1', 'changed'),
        () => fixture.propose((s) => s.deleteState('registry', 'k2')),
      ]) {
        const [before, after] = [await count(), await count()];
        const disturbance = await disturb();
        assert.deepEqual(await fixture.commit(disturbance, before), [Code.VALID, Code.PHANTOM_READ_CONFLICT]);
        assert.deepEqual(await fixture.commit(after), [Code.PHANTOM_READ_CONFLICT]);
      }
      const untouched = await count();
      assert.deepEqual(await fixture.commit(await write('m'), untouched), [Code.VALID, Code.VALID]);
    });

    it('of a range of hundreds conflict just the same', async () => {
      const many = await fixture.propose((simulator) => {
        for (let index = 0; index < 300; index++) {
          simulator.putState('registry', `k${index}`, bytes('1'));
        }
      });
      await fixture.commit(many);
      assert.deepEqual(await fixture.commit(await count()), [Code.VALID]);
      const late = await count();
      assert.deepEqual(await fixture.commit(await write('k299x'), late), [Code.VALID, Code.PHANTOM_READ_CONFLICT]);
    });

    it('of the first keys of a range do not mind what happens behind them', async () => {
      await fixture.commit(await write('k1'), await write('k5'));
      const first = () =>
        fixture.propose(async (simulator) => {
          for await (const { key } of simulator.getRange('registry', 'k', 'l')) {
            simulator.putState('registry', 'first', bytes(key));
            break;
          }
        });
      const [unbothered, bothered] = [await first(), await first()];
      assert.deepEqual(await fixture.commit(await write('k3'), unbothered), [Code.VALID, Code.VALID]);
      assert.deepEqual(await fixture.commit(await write('k0'), bothered), [Code.VALID, Code.PHANTOM_READ_CONFLICT]);
    });
  });

  describe('pages of a range', () => {
    const page = (size: number) =>
      fixture.propose(async (simulator) => {
        await simulator.getRangePage('registry', 'k', 'l', size, '');
      });

    it('commit while more keys follow, and do not mind what happens behind them', async () => {
      await fixture.commit(await write('k1'), await write('k3'), await write('k5'));
      const [first, second] = [await page(2), await page(3)];
      assert.deepEqual(await fixture.commit(first), [Code.VALID]);
      assert.deepEqual(await fixture.commit(await write('k6'), second), [Code.VALID, Code.VALID]);
    });

    it('conflict with a key that appears within them, and a page that is not full with one behind it', async () => {
      await fixture.commit(await write('k1'), await write('k3'));
      const [full, open] = [await page(2), await page(9)];
      assert.deepEqual(await fixture.commit(await write('k2'), full), [Code.VALID, Code.PHANTOM_READ_CONFLICT]);
      const again = await page(9);
      assert.deepEqual(await fixture.commit(await write('k9'), open, again), [
        Code.VALID,
        Code.PHANTOM_READ_CONFLICT,
        Code.PHANTOM_READ_CONFLICT,
      ]);
    });
  });

  describe('configuration', () => {
    it('is replaced by the next one, alone in its block, and never by an older one', async () => {
      assert.equal(fixture.ledger.access.sequence, 0);
      const next = fakeConfigEnvelope('calibration', 1);
      assert.deepEqual(await fixture.commit(next, await write()), [Code.INVALID_CONFIG_TRANSACTION, Code.VALID]);
      assert.deepEqual(await fixture.commit(next), [Code.VALID]);
      assert.equal(fixture.ledger.access.sequence, 1);
      assert.deepEqual(await fixture.commit(fakeConfigEnvelope('calibration', 1)), [Code.INVALID_CONFIG_TRANSACTION]);
      await fixture.reopen();
      assert.equal(fixture.ledger.access.sequence, 1);
    });

    it('takes effect of a new chaincode definition from the next block on', async () => {
      const endorsedBefore = await write();
      fixture.ledger.define(chaincode('registry', { version: '2', sequence: 2 }));
      assert.deepEqual(await fixture.commit(endorsedBefore), [Code.MVCC_READ_CONFLICT]);
    });

    it('knows after a restart which versions a chaincode has had', async () => {
      fixture.ledger.define(chaincode('registry', { version: '2', sequence: 2 }));
      assert.deepEqual(await fixture.commit(await write('a', '1', 'registry', { version: '2' })), [Code.VALID]);
      // With version 1, as at first.
      await fixture.reopen();
      const late = await write('a', '2', 'registry', { version: '2' });
      assert.deepEqual(await fixture.commit(late), [Code.MVCC_READ_CONFLICT]);
      assert.deepEqual(await fixture.commit(await write('a', '3')), [Code.VALID]);
    });
  });
});
