import assert from 'node:assert/strict';
import type { AffectedDevice } from '@tracecal/core/contracts';
import { verifyOpening } from '@tracecal/gateway-client';
import { engineName } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { DEVICE_FACTS } from '../support/pseudonyms.js';
import { REGISTRY } from '../support/registryNetwork.js';
import { HIDDEN } from '../support/secrecy/hidden.js';
import { PSEUDONYM_MATRIX, REPORT_MATRIX } from '../support/secrecy/matrix.js';
import type { Matrix, PseudonymColumn, ReportColumn } from '../support/secrecy/matrix.js';
import { Search } from '../support/secrecy/search.js';
import { pseudonymSecrets, reportSecrets } from '../support/secrecy/secrets.js';
import type { Sought } from '../support/secrecy/secrets.js';
import { faultsOf, seenIn } from '../support/secrecy/seen.js';
import type { AllSeen, Seen } from '../support/secrecy/seen.js';
import { shapeOf } from '../support/secrecy/shape.js';
import { partsIn } from '../support/secrecy/transactionParts.js';
import type { TransactionParts } from '../support/secrecy/transactionParts.js';
import { idsOf } from '../support/secrecy/twins.js';
import type { Twin } from '../support/secrecy/twins.js';
import { SecretWorld } from '../support/secrecy/world.js';
import { removeTemporaryFolders } from '../support/temporaryFolder.js';

/** The tables of docs/private-reports.md and docs/pseudonyms.md, cell by cell. Each scenario goes on where the one before it left off. */
describe(`Who sees what of confidential reports and of pseudonyms [${engineName}]`, function () {
  this.timeout(600_000);
  let world: SecretWorld;
  let seen: AllSeen;

  before(async () => {
    world = await SecretWorld.start();
    seen = await seenIn(world);
  });

  after(async () => {
    await (world as SecretWorld | undefined)?.stop();
    removeTemporaryFolders();
  });

  function checkColumn<Column extends string>(
    matrix: Matrix<Column, string>,
    column: Column,
    whom: Seen,
    secrets: Readonly<Record<string, Sought>>,
  ): void {
    const faults = matrix.rows.flatMap(({ what, secret, cells }) => {
      const sought = secrets[secret];
      return sought === undefined
        ? []
        : [...whom].flatMap(([who, having]) =>
            faultsOf(cells[column], sought, having).map(
              (fault) => `${what}: "${cells[column].says}", and ${who} ${fault}`,
            ),
          );
    });
    assert.deepEqual(faults, []);
    assert.ok(whom.size > 0);
  }

  describe('a confidential report shows what its table says', () => {
    for (const [column, title] of Object.entries(REPORT_MATRIX.columns) as [ReportColumn, string][]) {
      it(`to: ${title}`, () => {
        checkColumn(REPORT_MATRIX, column, seen.ofReports[column], reportSecrets(world));
      });
    }
  });

  describe('a pseudonym shows what its table says', () => {
    for (const [column, title] of Object.entries(PSEUDONYM_MATRIX.columns) as [PseudonymColumn, string][]) {
      it(`to: ${title}`, () => {
        checkColumn(PSEUDONYM_MATRIX, column, seen.ofPseudonyms[column], pseudonymSecrets(world));
      });
    }

    it("and its owner's name is found where it is: in the file of its certifier", () => {
      const { owner } = pseudonymSecrets(world);
      const file = { haystack: new Search().through(JSON.stringify(world.hidden.owner)) };
      assert.deepEqual(faultsOf({ says: 'yes', finds: 'all' }, owner, file), []);
    });
  });

  describe('two confidential reports that differ in values and in the number of results look the same', () => {
    it('in all answers and refusals to each member, and to a reader of one result', () => {
      assert.equal(seen.twins.size, 7);
      for (const [who, { few, lot }] of seen.twins) {
        assert.ok(few.length > 1);
        few.forEach((answer, place) => {
          assert.equal(shapeOf(answer), shapeOf(lot[place] ?? ''), who);
        });
      }
    });

    it('but not to their issuer', () => {
      const [few, lot] = [world.kept('few'), world.kept('lot')].map((kept) => shapeOf(JSON.stringify(kept)));
      assert.notEqual(few, lot);
    });

    it('in their transactions: arguments, answers, events, reads and writes, to the byte', async () => {
      const blocks = await world.blocksOf('monitor');
      const all = new Map(blocks.flatMap(partsIn).map((parts) => [parts.txId, parts]));
      const reader = await world.proven.registry.as('monitor');
      const transactions = async (twin: Twin): Promise<readonly TransactionParts[]> => {
        const found: TransactionParts[] = [];
        for await (const { txId } of reader.history({ kind: 'report', id: idsOf(twin).report })) {
          found.push(all.get(txId)!);
        }
        return found;
      };
      const [few, lot] = [await transactions('few'), await transactions('lot')];
      assert.equal(few.length, 3, 'the report, and two that vouch for it');
      few.forEach(({ parts, reads }, place) => {
        const other = lot[place]!;
        assert.deepEqual(reads.map(shapeOf), other.reads.map(shapeOf));
        assert.deepEqual([...parts.keys()].map(shapeOf), [...other.parts.keys()].map(shapeOf));
        const [own, others] = [[...parts.values()], [...other.parts.values()]];
        assert.deepEqual(own.map(shapeOf), others.map(shapeOf));
        assert.deepEqual(
          own.map(({ length }) => length),
          others.map(({ length }) => length),
        );
      });
    });
  });

  describe('a pseudonym', () => {
    const reader = (member = 'monitor') => world.proven.registry.as(member);
    const status = async () =>
      (await (await reader()).traceCal(HIDDEN.probe, { asOf: await world.proven.registry.now() })).status;

    it('is traced as every other standard', async () => {
      assert.equal(await status(), 'TRACEABLE');
    });

    it('is opened to a reader, who checks it at their own peer, by nobody but its certifier', async () => {
      const at = await reader('lab-beta');
      const { facts } = await verifyOpening(world.opening(), at, { channel: REGISTRY.channel });
      assert.deepEqual(facts, { model: DEVICE_FACTS.model, serial: DEVICE_FACTS.serial });
      const foreign = world.opening(['officer:lab-alpha/officer']);
      await assert.rejects(verifyOpening(foreign, at, { channel: REGISTRY.channel }), /nmi-north/);
    });

    it('is found by no serial number', async () => {
      for (const serial of [DEVICE_FACTS.serial, 'withheld']) {
        for await (const { id } of (await reader()).findDevices({ serial })) assert.fail(id);
      }
    });

    it('falls with all that rests on it, which is listed, and nothing of it comes out', async () => {
      const { registry } = world.proven;
      const { hierarchy } = registry;
      const before = (await world.blocksOf('monitor')).length;
      const reason = { reason: 'out-of-tolerance', registered: await registry.now() } as const;
      await registry.submit(
        hierarchy.addStatement('revocation', ['device', world.hidden.gold.id], reason),
        'nmi-north',
      );
      await eventually(async () => {
        assert.equal(await status(), 'FAILED');
      });
      const affected: AffectedDevice[] = [];
      for await (const each of (await reader()).affectedDevices({ kind: 'device', id: world.hidden.gold.id }))
        affected.push(each);
      const { silver, probe, other } = HIDDEN;
      assert.deepEqual(affected.map(({ device }) => device).sort(), [other, probe, silver]);
      const { facts } = await verifyOpening(world.opening(), await reader('lab-beta'), { channel: REGISTRY.channel });
      assert.equal(facts['serial'], DEVICE_FACTS.serial);
      const blocks = (await world.blocksOf('monitor')).slice(before);
      const told = { haystack: new Search().through(...blocks, JSON.stringify(affected)), isPart: true } as const;
      const { maker, serial, salts, owner } = pseudonymSecrets(world);
      for (const sought of [maker, serial, salts, owner]) {
        assert.deepEqual(faultsOf({ says: 'no', finds: 'none' }, sought, told), []);
      }
    });
  });
});
