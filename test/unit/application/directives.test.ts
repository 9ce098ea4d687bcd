import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keySigner, Measurement, TraceCal } from '@tracecal/gateway-client';
import { exportDirectives, giveDirective, listDirectives, submitDirective } from '@tracecal/gateway-client/application';
import type { Session } from '@tracecal/gateway-client/application';
import { directiveText, operatorPinOf } from '@tracecal/gateway-client/device';
import { readDirective } from '@tracecal/core/directives';
import { later } from '../../support/hierarchy.js';
import { ledgerOf } from '../../support/ledgerOf.js';
import { levelsOfSiteA, recorderOf } from '../../support/levels.js';
import type { Levels } from '../../support/levels.js';
import { Operator, SENSOR } from '../../support/operator.js';
import { submit } from '../../support/registry.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const SITE = { name: 'measurement-a', writers: ['oem-a'], readers: ['oem-a', 'monitor'] };

describe('Directives of an operator', () => {
  let levels: Levels;
  let operator: Operator;
  let asked: string[];

  beforeEach(async () => {
    levels = await levelsOfSiteA();
    operator = new Operator(levels.hierarchy);
    asked = [];
    const { registry } = levels;
    const evaluate = registry.evaluate.bind(registry);
    registry.evaluate = (transaction, ...args) => {
      asked.push(transaction);
      return evaluate(transaction, ...args);
    };
  });

  after(removeTemporaryFolders);

  function session(): Session {
    const client = new TraceCal(ledgerOf(levels.registry, recorderOf('oem-a')), 'registry', () => undefined);
    const site = new Measurement(ledgerOf(levels.measurement, recorderOf('oem-a')), () => undefined);
    const parts = {
      actor: undefined,
      reader: () => Promise.resolve(client),
      measurement: () => Promise.resolve(site),
      registry: () => client.registry(),
      officer: (id: string) => client.getTechnician(id),
      keys: {
        signer: () => Promise.resolve(keySigner(operator.officer.privateKey, operator.officer.certificate)),
      },
    };
    return parts as unknown as Session;
  }

  const present = () => {
    const { registry, measurement } = levels;
    registry.now = `${new Date().toJSON().slice(0, 19)}Z`;
    measurement.now = registry.now;
  };

  it('are given, submitted and listed without asking for all people of the operator', async () => {
    present();
    const spec = { kind: 'quarantine', reason: 'found dropped', devices: [SENSOR] } as const;
    await giveDirective(session(), SITE, spec);
    const { now } = levels.registry;
    const signed = await operator.sign(2, { kind: 'release', date: now, from: now });
    await submitDirective(session(), SITE, directiveText(signed));
    assert.equal((await listDirectives(session(), SITE as never)).length, 2);
    assert.ok(asked.includes('getOrganisation'));
    assert.ok(!asked.includes('listRegistered'), asked.join());
  });

  it('are exported with the revocations of every officer, and all their certificates, in the pin file', async () => {
    const { hierarchy, registry } = levels;
    const at = { registered: registry.now };
    await submit(registry, await hierarchy.addOfficer({ id: 'second', organisation: 'oem-a', ...at }));
    const former = hierarchy.holder('officer', 'oem-a/second');
    await submit(registry, await hierarchy.addOfficer({ id: 'second', organisation: 'oem-a', ...at }));
    const second = hierarchy.holder('officer', 'oem-a/second');
    const effective = registry.now;
    const words = { reason: 'key-compromise' as const, signers: ['organisation:oem-a'], effective, ...at };
    await submit(registry, hierarchy.addStatement('revocation', ['person', 'oem-a/second'], words));
    const [folder, pinFile] = [join(temporaryFolder(), 'directives'), join(temporaryFolder(), 'operator.json')];
    await exportDirectives(session(), SITE, { folder, pinFile });
    const pin = operatorPinOf(readFileSync(pinFile, 'utf8'));
    assert.deepEqual(
      [...(pin.revoked ?? [])].sort((one, other) => (one.sha256 < other.sha256 ? -1 : 1)),
      [former, second]
        .map(({ certificateSha256: sha256 }) => ({ sha256, from: effective }))
        .sort((one, other) => (one.sha256 < other.sha256 ? -1 : 1)),
    );
    const date = later(effective, 60);
    for (const [officer, name] of [
      [second, 'officer:oem-a/second'],
      [operator.officer, 'officer:oem-a/officer'],
    ] as const) {
      const envelope = await operator.envelope(operator.content(1, { date, from: date }), officer, name);
      assert.equal(readDirective(envelope, pin).isRevoked, officer === second);
    }
  });
});
