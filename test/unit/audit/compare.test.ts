import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { instantOf } from '@tracecal/core/model';
import { AUDIT_TYPE, compareAudits, readAudit } from '@tracecal/gateway-client/audit';
import type { Audit, AuditedTransaction, SealSeen, VerdictSeen } from '@tracecal/gateway-client/audit';
import { runs } from '../../support/property.js';
import { Random } from '../../support/random.js';
import { runSeed } from '../../support/seed.js';

const DEVICE = { kind: 'device', id: 'oem-a/s' } as const;
const BEGIN = Date.parse('2026-03-01T00:00:00Z');
const RUNS = runs(300);

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const dateAt = (block: number) => instantOf(BEGIN + block * 60_000);

/** A ledger with a block a minute: some concern the device, some seal the open epoch. */
class Ledger {
  readonly #seals: readonly SealSeen[];
  readonly #concerning: readonly number[];
  readonly size: number;

  constructor(random: Random) {
    this.size = random.between(4, 30);
    const blocks = Array.from({ length: this.size }, (_, block) => block);
    const kinds = blocks.map((block) =>
      block === 1 ? 'own' : random.chance(0.5) ? 'own' : random.chance(0.4) ? 'seal' : '',
    );
    this.#concerning = blocks.filter((block) => kinds[block] === 'own' && block > 0);
    this.#seals = blocks.flatMap((block) =>
      kinds[block] === 'seal' && block > 1
        ? [{ block, txId: hash(`seal ${block}`), date: dateAt(block), by: 'nmi-north' }]
        : [],
    );
  }

  /** What an honest auditor finds in so many blocks. */
  audit(height: number, at: string | null = null): Audit {
    const seals = this.#seals.filter(({ block }) => block < height);
    const own = this.#concerning.filter((block) => block < height);
    const then: VerdictSeen = { status: 'FAILED', asOf: at ?? '', check: 'calibrated', reason: 'no report' };
    return readAudit(
      JSON.stringify({
        type: AUDIT_TYPE,
        subject: DEVICE,
        chain: {
          ...{ channel: 'calibration', isPinned: true, height, epoch: seals.length },
          ...{ genesis: hash('block 0'), newest: hash(`block ${height - 1}`), signedUntil: seals.at(-1)?.date ?? null },
        },
        transactions: own.map((block) => this.#transaction(block, seals)),
        known: at === null ? null : { at, device: DEVICE.id, then, today: then },
        provenance: {
          maker: {
            ...{ manufacturer: 'm', model: 'm', serial: '1', registeredBy: 'oem-a' },
            ...{ registered: dateAt(1), txId: hash('transaction 1') },
          },
          owners: own.map((block) => ({
            organisation: 'oem-a',
            from: dateAt(block),
            txId: hash(`transaction ${block}`),
          })),
          stays: own.map((block) => ({
            ...{ laboratory: 'lab-alpha', report: `lab-alpha/${block}`, replaces: null, place: 'own' },
            ...{
              begin: '2026-03-01',
              end: '2026-03-01',
              txId: hash(`transaction ${block}`),
              checked: null,
              revoked: null,
            },
          })),
        },
      }),
    );
  }

  #transaction(block: number, seals: readonly SealSeen[]): AuditedTransaction {
    const number = this.#seals.filter((seal) => seal.block < block).length;
    return {
      ...{
        txId: hash(`transaction ${block}`),
        block,
        blockHash: hash(`block ${block}`),
        place: 0,
        time: dateAt(block),
      },
      ...{ validity: 'VALID', submitter: { mspId: 'NmiNorthMSP', certificateSha256: hash('submitter') } },
      ...{ endorsers: ['NmiEastMSP', 'NmiNorthMSP'], called: 'createReport', registered: dateAt(block), others: 0 },
      epoch: { number, opened: seals[number - 1] ?? null, sealed: seals[number] ?? null },
      statements: [
        {
          ...{ what: 'interval', concerns: ['subject'], subject: DEVICE, author: 'oem-a', number: block },
          ...{ date: dateAt(block), digest: hash(`statement ${block}`), signers: ['officer:oem-a/o'], details: {} },
        },
      ],
    };
  }
}

type Change = (transaction: AuditedTransaction) => AuditedTransaction;

const one = (audit: Audit, place: number, change: Change): Audit => ({
  ...audit,
  transactions: audit.transactions.map((each, at) => (at === place ? change(each) : each)),
});
const chain = (audit: Audit, change: Partial<Audit['chain']>): Audit => ({
  ...audit,
  chain: { ...audit.chain, ...change },
});

/** What somebody may change of one transaction. */
const FACTS: Readonly<Record<string, Change>> = {
  'its time': (each) => ({ ...each, time: dateAt(1000) }),
  'when it was registered': (each) => ({ ...each, registered: dateAt(1000) }),
  'its validity': (each) => ({ ...each, validity: 'MVCC_READ_CONFLICT' }),
  'its submitter': (each) => ({ ...each, submitter: { ...each.submitter, mspId: 'OtherMSP' } }),
  'its endorsers': (each) => ({ ...each, endorsers: ['OtherMSP'] }),
  'what it called': (each) => ({ ...each, called: 'revoke' }),
  'how much else it carries': (each) => ({ ...each, others: 7 }),
  'who signed': (each) => ({
    ...each,
    statements: each.statements.map((said) => ({ ...said, signers: ['officer:x/o'] })),
  }),
  'what was signed': (each) => ({
    ...each,
    statements: each.statements.map((said) => ({ ...said, digest: hash('x') })),
  }),
  'the hash of its block': (each) => ({ ...each, blockHash: hash('other') }),
  'its place': (each) => ({ ...each, place: 5 }),
  'its id': (each) => ({ ...each, txId: hash('other') }),
};

describe('Two audits of one subject', () => {
  const ledger = new Ledger(new Random(1));
  const size = ledger.size;
  const early = ledger.audit(size - 2, dateAt(1));
  const late = ledger.audit(size, dateAt(1));
  const whats = (first: Audit, second: Audit) => compareAudits(first, second).differences.map(({ what }) => what);

  it('that are honest never contradict each other, whatever the ledger and the moments are', () => {
    const random = new Random(runSeed);
    for (let run = 0; run < RUNS; run += 1) {
      const any = new Ledger(random);
      const at = random.chance(0.5) ? dateAt(random.between(0, any.size)) : null;
      const [first, second] = [1, 2].map(() => any.audit(random.between(2, any.size), at));
      assert.deepEqual(compareAudits(first!, second!).differences, [], `TRACECAL_SEED=${runSeed}, run ${run}`);
    }
  });

  it('contradict each other as soon as one fact that both show is changed in one of them', () => {
    const random = new Random(runSeed);
    const names = Object.keys(FACTS);
    for (let run = 0; run < RUNS; run += 1) {
      const any = new Ledger(random);
      const [low, high] = [random.between(2, any.size), random.between(2, any.size)].sort((a, b) => a - b) as [
        number,
        number,
      ];
      const [before, after] = [any.audit(low), any.audit(high)];
      const shared = before.transactions.length;
      const name = names[random.between(0, names.length - 1)]!;
      const inLater = random.chance(0.5);
      const forged = one(inLater ? after : before, random.between(0, shared - 1), FACTS[name]!);
      const { differences } = inLater ? compareAudits(before, forged) : compareAudits(forged, after);
      assert.notEqual(differences.length, 0, `${name}: TRACECAL_SEED=${runSeed}, run ${run}`);
    }
  });

  for (const [name, change] of Object.entries(FACTS)) {
    it(`contradict each other about a transaction if one changes ${name}, and the sentence says in which block`, () => {
      const { consistent, differences } = compareAudits(one(early, 0, change), late);
      assert.equal(consistent, false);
      assert.match(differences[0]!.says, /block 1\b/);
    });
  }

  it('show both values where they differ in one', () => {
    const [difference] = compareAudits(one(early, 0, FACTS['its time']!), late).differences;
    assert.match(difference!.says, new RegExp(`time \\(${dateAt(1000)} and ${dateAt(1)}\\)`));
  });

  it('contradict each other if one lacks a transaction that the other shows', () => {
    const { transactions } = early;
    assert.ok(whats(early, { ...late, transactions: late.transactions.slice(1) }).includes('missing'));
    assert.ok(whats({ ...early, transactions: transactions.slice(1) }, late).includes('added'));
  });

  it('contradict each other if a valid transaction stands in two places, which is told once', () => {
    assert.deepEqual(whats(one(early, 0, FACTS['its place']!), late), ['moved']);
  });

  it('contradict each other if one of them contradicts itself, although it shows all that the other one shows', () => {
    const { transactions } = late;
    const [first] = transactions;
    const last = transactions.at(-1)!;
    const lie = { ...first!, called: 'revoke' };
    const size = late.chain.height;
    const forged: readonly (readonly [RegExp, readonly AuditedTransaction[]])[] = [
      [/block 1 twice at place 0/, [lie, ...transactions]],
      [/block 1 twice at place 0/, [...transactions, lie]],
      [/block 1 twice at place 0/, [first!, { ...lie, txId: hash('other') }, ...transactions.slice(1)]],
      [/calls it valid in block 1 and in block \d+/, [...transactions, { ...last, txId: first!.txId, place: 1 }]],
      [new RegExp(`ends with block ${size - 1}`), [...transactions, { ...last, block: size, txId: hash('other') }]],
    ];
    for (const [says, shown] of forged) {
      const both = [
        compareAudits(early, { ...late, transactions: shown }),
        compareAudits({ ...late, transactions: shown }, chain(late, { height: size + 1, newest: hash('next') })),
      ];
      for (const { consistent, differences } of both) {
        assert.equal(consistent, false, String(says));
        assert.match(differences.map((each) => each.says).join('; '), says);
      }
    }
  });

  it('contradict each other if they are of different chains, or end with different blocks', () => {
    assert.deepEqual(whats(chain(early, { genesis: hash('other') }), late), ['other-chain']);
    assert.deepEqual(whats(chain(late, { newest: hash('other') }), late), ['other-chain']);
  });

  it('contradict each other if the last block of the earlier one has another hash in the later one', () => {
    const last = late.transactions.at(-1)!.block;
    const cut = ledger.audit(last + 1);
    const forged = chain({ ...cut, transactions: cut.transactions.slice(0, -1) }, { newest: hash('other') });
    assert.ok(whats(forged, late).includes('other-block'));
  });

  it('contradict each other if dates or epochs go backwards, or differ after as many blocks', () => {
    assert.ok(whats(chain(early, { signedUntil: dateAt(1000) }), late).includes('goes-back'));
    assert.ok(whats(chain(early, { epoch: 99 }), late).includes('goes-back'));
    assert.deepEqual(whats(chain(late, { signedUntil: null }), late), ['goes-back']);
  });

  it('contradict each other if an epoch is sealed twice, earlier than was read, or entered after its seal', () => {
    const at = early.transactions.findIndex(({ epoch }) => epoch?.sealed);
    assert.ok(at >= 0);
    const resealed = one(early, at, (each) => ({
      ...each,
      epoch: each.epoch && { ...each.epoch, sealed: each.epoch.sealed && { ...each.epoch.sealed, date: dateAt(999) } },
    }));
    assert.ok(whats(resealed, late).includes('other-seal'));
    const open = ledger.audit(2);
    const unread = one(ledger.audit(size), 0, (each) => ({
      ...each,
      epoch: { number: 0, opened: null, sealed: { block: 1, txId: hash('x'), date: dateAt(1), by: 'nmi-north' } },
    }));
    assert.ok(whats(open, unread).includes('other-seal'));
    const [last] = late.transactions.slice(-1);
    const cut = ledger.audit(last!.block);
    const entered = one(late, late.transactions.length - 1, (each) => ({
      ...each,
      epoch: { ...each.epoch!, number: 0 },
    }));
    assert.ok(cut.chain.epoch > 0);
    assert.ok(whats(cut, entered).includes('other-seal'));
  });

  it('contradict each other about what was known at a moment that both have read to the end, not about a later one', () => {
    const told = (audit: Audit, status: VerdictSeen['status']): Audit => ({
      ...audit,
      known: { ...audit.known!, then: { ...audit.known!.then!, status } },
    });
    const [difference] = compareAudits(told(early, 'TRACEABLE'), late).differences;
    assert.equal(difference?.what, 'known');
    assert.match(
      difference.says,
      /known at 2026-03-01T00:01:00Z was TRACEABLE \(calibrated\) .* FAILED \(calibrated\)/,
    );
    const [first, second] = [ledger.audit(size - 2, dateAt(size)), ledger.audit(size, dateAt(size))];
    assert.deepEqual(whats(told(first, 'TRACEABLE'), second), []);
    assert.deepEqual(whats(told(early, 'TRACEABLE'), ledger.audit(size)), []);
  });

  it('contradict each other if a device has another maker, owner or calibration, not if a calibration was checked since', () => {
    const { maker, owners, stays } = early.provenance!;
    const parts = [
      { maker: { ...maker!, serial: '2' } },
      { owners: [{ ...owners[0]!, organisation: 'oem-b' }, ...owners.slice(1)] },
      { stays: [{ ...stays[0]!, begin: '2026-02-01' }, ...stays.slice(1)] },
    ];
    for (const part of parts) {
      const forged = { ...early, provenance: { ...early.provenance!, ...part } };
      assert.deepEqual(whats(forged, late), ['provenance']);
    }
    const checked = { what: 'acceptance', by: 'oem-a', date: dateAt(2), txId: hash('y') };
    const [stay, ...others] = late.provenance!.stays;
    const accepted = {
      ...late,
      provenance: { ...late.provenance!, stays: [{ ...stay!, checked, revoked: checked }, ...others] },
    };
    assert.deepEqual(whats(early, accepted), []);
    const amended = {
      ...late,
      provenance: { ...late.provenance!, stays: [{ ...stay!, report: 'new', replaces: stay!.report }, ...others] },
    };
    assert.deepEqual(whats(early, amended), []);
  });

  it('are not compared if they are of different subjects or channels', () => {
    assert.throws(() => compareAudits({ ...early, subject: { kind: 'person', id: DEVICE.id } }, late), /INPUT_INVALID/);
    assert.throws(() => compareAudits(chain(early, { channel: 'other' }), late), /INPUT_INVALID/);
  });
});
