import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { RegistryContract } from '@tracecal/chaincode';
import type { EpochAnswer, EpochDigestAnswer, Page } from '@tracecal/core/contracts';
import type { Jws, LoggedTransaction, ReportRecord } from '@tracecal/core/model';
import { later, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { MemoryLedger } from '../../support/memoryLedger.js';
import { RELAY } from '../../support/registry.js';

describe('Epochs of the registry', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = new MemoryLedger(new RegistryContract({ founding: hierarchy.foundingDigest }));
    for (const { transaction, argument, at, kind } of hierarchy.submissions()) {
      if (kind !== 'heartbeat' && kind !== 'seal') {
        ledger.now = at;
        await ledger.submit(RELAY, transaction, argument);
      }
    }
    ledger.now = later(ledger.now, 3600);
  });

  const submit = (transaction: string, statement: Jws) =>
    ledger.submit(RELAY, transaction, JSON.stringify({ items: [{ statement }] }));
  const ask = async <T>(transaction: string, ...args: readonly string[]) =>
    JSON.parse(await ledger.evaluate(transaction, ...args)) as T;
  const refuses = (call: Promise<unknown>, pattern: RegExp) => assert.rejects(call, pattern);

  const seal = (number: number, date = ledger.now, institute = 'nmi-north') =>
    submit('seal', hierarchy.seal(date, { institute, number }).statement);
  const digestOf = async (epoch: number) => (await ask<EpochDigestAnswer>('getEpochDigest', String(epoch))).digest;
  const beat = (number: number, digest: string, institute = 'nmi-north', date = ledger.now) =>
    submit('heartbeat', hierarchy.addHeartbeat(institute, { number, digest, date }).statement);
  const revoke = (report: string) =>
    submit(
      'revoke',
      hierarchy.addStatement('revocation', ['report', report], { registered: ledger.now, effective: ledger.now })
        .statement,
    );

  it('are closed by an institute only', async () => {
    await refuses(seal(0, ledger.now, 'lab-alpha'), /NOT_AUTHORISED: lab-alpha is not an institute/);
    await seal(0);
    const { number, seal: sealed } = await ask<EpochAnswer>('getEpoch', '');
    assert.deepEqual([number, sealed], [1, null]);
    assert.ok((await ask<EpochAnswer>('getEpoch', '0')).seal);
  });

  it('begin when the founders signed, however late the registry is founded, so that the first can be sealed at once', async () => {
    const [founding] = hierarchy.submissions();
    const signed = founding?.at ?? '';
    const late = new MemoryLedger(new RegistryContract({ founding: hierarchy.foundingDigest }));
    late.now = later(signed, 3600);
    await late.submit(RELAY, 'found', founding?.argument ?? '');
    const { opened } = JSON.parse(await late.evaluate('getEpoch', '')) as EpochAnswer;
    assert.equal(opened, signed);
  });

  it('are closed one after the other, at most once a minute, near the time of the transaction', async () => {
    await refuses(seal(1), /INPUT_INVALID: the open epoch is 0/);
    for (const seconds of [61, -901]) {
      await refuses(seal(0, later(ledger.now, seconds)), /TIME_INVALID: .*nor within 15 minutes before/);
    }
    await seal(0);
    await refuses(seal(1, later(ledger.now, -30)), /TIME_INVALID: epoch 1 was opened/);
  });

  it('are read by everything that is written, so that a seal ends what was endorsed before it', async () => {
    const epochKey = '\u0000epoch\u0000';
    const before = ledger.now;
    const { reads, writes } = await revoke('sensor-a-r1');
    assert.ok(reads.includes(epochKey));
    assert.ok(!writes.has(epochKey));
    const anchored = await ledger.submit(RELAY, 'anchor', 'ab'.repeat(32));
    assert.ok(anchored.reads.includes(epochKey));
    assert.ok((await seal(0)).writes.has(epochKey));
    assert.ok(ledger.now > before);
  });

  it('date what is written by the seal that opened them, where the client dates it earlier', async () => {
    const sealed = ledger.now;
    await seal(0, sealed);
    ledger.now = later(sealed, -300);
    const { writes } = await revoke('sensor-a-r1');
    const [, record] = [...writes].find(([key]) => key.startsWith('\u0000report\u0000')) ?? [];
    const { impediments } = (JSON.parse(String(record)) as { readonly record: ReportRecord }).record;
    assert.deepEqual(
      impediments.map(({ registered: { epoch, date } }) => [epoch, date]),
      [[1, sealed]],
    );
  });

  it('hold a line, by digest, of every subject whose verdict a transaction can change', async () => {
    await seal(0);
    const { txId } = await revoke('sensor-a-r1');
    const line = createHash('sha256').update('report:oem-a/sensor-a-r1').digest('hex');
    const { items } = await ask<Page<LoggedTransaction>>('getChanges', JSON.stringify({ epoch: 1 }));
    assert.deepEqual(items, [{ txId, lines: [line] }]);
  });

  it('are listed in pages', async () => {
    const page = await ask<Page<LoggedTransaction>>('getChanges', JSON.stringify({ epoch: 0, pageSize: 5 }));
    assert.equal(page.items.length, 5);
    const question = { epoch: 0, pageSize: 5, bookmark: page.bookmark };
    const next = await ask<Page<LoggedTransaction>>('getChanges', JSON.stringify(question));
    assert.ok(next.items.every(({ txId }) => page.items.every((other) => other.txId !== txId)));
  });

  describe('Heartbeats', () => {
    it('sign the digest of a sealed epoch, chained to all before it', async () => {
      await seal(0);
      await revoke('sensor-a-r1');
      await seal(1);
      const digest = await digestOf(1);
      const [{ items: first }, { items: second }] = [
        await ask<Page<LoggedTransaction>>('getChanges', JSON.stringify({ epoch: 0, pageSize: 200 })),
        await ask<Page<LoggedTransaction>>('getChanges', JSON.stringify({ epoch: 1, pageSize: 200 })),
      ];
      const chained = [first, second].reduce((before, items) => {
        const lines = items.map(({ txId, lines: own }) => `${[txId, ...own].join('\n')}\n`).join('');
        const epoch = createHash('sha256').update(lines).digest();
        return createHash('sha256').update(before, 'hex').update(epoch).digest('hex');
      }, hierarchy.foundingDigest);
      assert.equal(digest, chained);
      const { event } = await beat(1, digest);
      assert.equal(event?.name, 'Heartbeat');
      assert.equal(await digestOf(1), digest);
      await beat(1, digest, 'nmi-south');
    });

    it('are refused over a digest that the contract does not come to', async () => {
      await seal(0);
      await refuses(beat(0, 'ab'.repeat(32)), /INPUT_INVALID: the change log up to epoch 0 has digest/);
    });

    it('are refused over epochs that are not sealed, however high their number', async () => {
      await seal(0);
      const digest = await digestOf(0);
      await refuses(beat(1, digest), /NOT_FOUND: no sealed epoch 1/);
      await refuses(beat(Number.MAX_SAFE_INTEGER, digest), /NOT_FOUND: no sealed epoch 9007199254740991/);
      await beat(0, digest);
    });

    it('are refused of others than institutes, from the future, and once they were kept back', async () => {
      await seal(0);
      const digest = await digestOf(0);
      await refuses(beat(0, digest, 'lab-alpha'), /NOT_AUTHORISED/);
      await refuses(beat(0, digest, 'nmi-north', later(ledger.now, 1200)), /TIME_INVALID: .*lies ahead/);
      const early = ledger.now;
      await beat(0, digest, 'nmi-north', later(early, 60));
      await refuses(beat(0, digest, 'nmi-north', early), /TIME_INVALID: .*not newer/);
    });

    it('sign all of an epoch that is longer than what the peer answers at once', async () => {
      await seal(0);
      const { digest, lines } = await ask<EpochDigestAnswer>('getEpochDigest', '0');
      assert.ok(lines > 7);
      for (const limit of [7, 2, 1]) {
        ledger.totalQueryLimit = limit;
        assert.deepEqual(await ask<EpochDigestAnswer>('getEpochDigest', '0'), { epoch: 0, digest, lines });
      }
      await beat(0, digest);
    });
  });
});
