import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MemberStatus } from '@tracecal/network/engine';
import { defaultConsortiumFile, readConsortium, type Consortium } from '@tracecal/network/topology';
import { descriptionText } from '../support/ceremony.js';
import { CliUser } from '../support/commandLine.js';
import { eventually } from '../support/eventually.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { officerByFiles } from '../support/officerByFiles.js';

const INSTITUTES = ['nmi-north', 'nmi-south'] as const;
const PATIENCE_MS = 120_000;

/** Two institutes, each with its nodes on an address of its own: the smallest consortium in which one alone decides nothing. */
function ofTwo(): Consortium {
  const { organisations, orderers, channels, chaincodes, ...rest } = readConsortium(defaultConsortiumFile());
  const isOne = (id: string): boolean => INSTITUTES.some((each) => each === id);
  const hostOf = (id: string): string => `127.0.81.${INSTITUTES.findIndex((each) => each === id) + 1}`;
  return {
    ...rest,
    organisations: organisations
      .filter(({ id }) => isOne(id))
      .map((each) => ({ ...each, peers: each.peers.map((peer) => ({ ...peer, host: hostOf(each.id) })) })),
    orderers: orderers.filter(({ runBy }) => isOne(runBy)).map((each) => ({ ...each, host: hostOf(each.runBy) })),
    channels: channels
      .filter(({ name }) => name === 'calibration')
      .map((channel) => ({ ...channel, writers: INSTITUTES, readers: [] })),
    chaincodes: chaincodes.filter(({ name }) => name === 'registry'),
  };
}

describe('The commands of docs/ceremony.md in their order, with root keys on other machines, on native Fabric', function () {
  this.timeout(400_000);

  let folder = '';

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    folder = await mkdtemp(join(tmpdir(), 'tracecal-ceremony-'));
    mkdirSync(join(folder, 'vaults'));
    writeFileSync(file('consortium.yaml'), descriptionText(ofTwo()));
  });

  after(async () => {
    if (folder === '') return;
    for (const id of INSTITUTES) await member(id).run('member', 'down');
    rmSync(folder, { recursive: true, force: true });
  });

  function file(name: string): string {
    return join(folder, name);
  }

  const member = (id: string): CliUser => new CliUser(file(id));
  const vault = (id: string): CliUser => new CliUser(join(folder, 'vaults', id));

  it('found the consortium', async () => {
    for (const id of INSTITUTES) {
      await member(id).succeed('member', 'init', '--member', id, '--consortium', file('consortium.yaml'));
      await member(id).succeed('member', 'request', '--output', file(`${id}.json`));
    }
    const files = INSTITUTES.map((id) => file(`${id}.json`));
    for (const id of INSTITUTES) {
      await member(id).succeed('member', 'show', files[0] ?? '');
      await member(id).succeed('member', 'assemble', ...files);
      await member(id).succeed('member', 'sign', '--output', file(`${id}.signature.json`));
    }
    const signatures = INSTITUTES.map((id) => file(`${id}.signature.json`));
    for (const id of INSTITUTES) await member(id).succeed('member', 'check', ...signatures);
  });

  it('write the founding of the registry, and sign it in vaults', async () => {
    const described = ['--consortium', file('consortium.yaml')];
    for (const id of INSTITUTES) {
      await vault(id).succeed('founding', 'root', id, ...described, '-o', file(`${id}.root.pem`));
    }
    const roots = INSTITUTES.map((id) => file(`${id}.root.pem`));
    const founding = file('founding.json');
    await vault('nmi-north').succeed(
      'founding',
      'create',
      ...roots,
      '--institute',
      'nmi-north',
      ...described,
      '-o',
      founding,
    );
    await vault('nmi-south').succeed('founding', 'sign', founding, '--institute', 'nmi-south', ...described);
    await member('nmi-north').succeed('founding', 'show', founding);
  });

  it('start the nodes with it, and register it', async () => {
    const founding = file('founding.json');
    for (const id of INSTITUTES) await member(id).succeed('member', 'up', '--detach', '--founding', founding);
    await eventually(async () => {
      for (const id of INSTITUTES) {
        const { code, document } = await member(id).run('member', 'status');
        assert.equal(code, 0, JSON.stringify(document as MemberStatus));
      }
    }, PATIENCE_MS);
    const { others } = await member('nmi-north').succeed<MemberStatus>('member', 'status');
    // Both machines are this one, whose clock real peers tell in words of their own.
    assert.ok(
      others.every(({ kind, clockAheadSeconds = NaN }) => kind === 'orderer' || Math.abs(clockAheadSeconds) < 60),
    );
    const { steps } = await member('nmi-south').succeed<{ steps: readonly object[] }>('founding', 'submit', founding);
    assert.equal(steps.length, 1);
    const again = await member('nmi-north').succeed<{ steps: readonly object[] }>('founding', 'submit', founding);
    assert.deepEqual(again.steps, [], 'the second only trusts the founders');
  });

  it('authorise an officer by files', async () => {
    const north = { online: member('nmi-north'), vault: vault('nmi-north'), folder, founding: file('founding.json') };
    assert.deepEqual(await officerByFiles(north), []);
    const { items } = await member('nmi-south').succeed<{ items: readonly { id: string }[] }>('officer', 'list');
    assert.deepEqual(
      items.map(({ id }) => id),
      ['nmi-north/deputy'],
    );
  });
});
