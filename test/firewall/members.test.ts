import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instantOf } from '@tracecal/core/model';
import { withMembership } from '@tracecal/network/topology';
import { descriptionText } from '../support/ceremony.js';
import { eventually } from '../support/eventually.js';
import { needsFabric } from '../support/fabricBinaries.js';
import { needsNamespaces } from '../support/firewall/netns.js';
import type { Machine } from '../support/machines/machine.js';
import { needsUsers } from '../support/machines/machines.js';
import { everyone, Members } from '../support/machines/members.js';
import { FOUNDERS, GATEWAY, joining, NEWCOMER, placedMembers } from '../support/machines/placedMembers.js';

const CUT_OFF = 'nmi-east';
const LEAVER = 'oem-b';
const LOST = 'nmi-south';
const PATIENCE_MS = 120_000;

interface Fingerprint {
  readonly fingerprint: string;
}

describe('Members on machines of their own, in network namespaces behind their firewalls', function () {
  this.timeout(600_000);
  this.slow(60_000);

  const founded = placedMembers();
  const joined = withMembership(founded, { join: joining() });
  const left = withMembership(joined, { leave: LEAVER, endorsement: {} });
  let members: Members;

  before(async function () {
    needsFabric(this, 'peer', 'orderer');
    needsNamespaces(this);
    needsUsers(this);
    members = await Members.prepare(founded);
  });

  after(() => {
    if ((members as Members | undefined) !== undefined) members.stop();
  });

  it('found a consortium by files: each makes its own keys, and all sign the same fingerprint', async () => {
    const fingerprints = await members.found();
    assert.equal(fingerprints.length, FOUNDERS.length);
    assert.equal(new Set(fingerprints).size, 1);
  });

  it('load the firewalls that each generates for its own machine', async () => {
    await everyone(FOUNDERS, (id) => members.loadRules(id));
    const checks = await everyone(FOUNDERS, (id) =>
      members.machine(id).asRoot<{ isSame: boolean }>('firewall', 'check'),
    );
    assert.ok(checks.every(({ isSame }) => isSame));
  });

  it('start their nodes as their own users behind these rules, and reach all others', async () => {
    await everyone(FOUNDERS, (id) => members.up(id));
    await everyone(FOUNDERS, (id) => members.isWhole(id));
  });

  it('found a registry, register reports, and trace them at every member alike', async () => {
    await members.submit();
    for (const id of FOUNDERS) await members.traces(id, members.sensor('a'));
  });

  it('cannot read a file of each other, or see in a process of another what it was started with', async () => {
    for (const id of FOUNDERS) {
      const own = filesBelow(members.machine(id).home);
      const foreign = FOUNDERS.filter((other) => other !== id).flatMap((other) => [
        ...filesBelow(members.machine(other).home),
        members.machine(other).home,
        members.machine(other).vault,
        ...members.machine(other).processes.map((pid) => `/proc/${pid}/environ`),
      ]);
      assert.ok(own.length > 50 && foreign.length > 250);
      assert.deepEqual(await readableFor(members.machine(id), foreign), []);
      assert.deepEqual(await readableFor(members.machine(id), own), own);
    }
  });

  it('let a site approve by a proposal, and record verdicts', async () => {
    await members.propose('on', '--approving', 'on');
    await members.isWhole('oem-a', false);
    await members.propose('off', '--approving', 'off');
    const record = ['measurement', 'record', members.sensor('a'), '--site', 'a'];
    const { counts } = await members.user('oem-a').succeed<{ counts: Record<string, number> }>(...record);
    assert.equal(counts['TRACEABLE'], 1);
  });

  it('go on while one is cut off, who still reads what it has, and catches up afterwards', async () => {
    members.machine(CUT_OFF).cable('down');
    await members.register('t-meanwhile');
    await members.knows('nmi-north', 't-meanwhile');
    await members.traces(CUT_OFF, members.sensor('a'));
    assert.equal(await members.isKnown(CUT_OFF, 't-meanwhile'), false);
    const { status } = await members.statusOf(CUT_OFF);
    assert.ok(status.others.every(({ isReached }) => !isReached));
    members.machine(CUT_OFF).cable('up');
    await members.knows(CUT_OFF, 't-meanwhile');
    await members.isWhole(CUT_OFF);
  });

  it('answer calibration reads while a site is flooded by its own gateway', async () => {
    const [reads, site, attacker] = [
      await members.client('nmi-north'),
      members.machine('oem-a'),
      members.machine(GATEWAY),
    ];
    const dropped = site.dropped;
    const end = attacker.flood(site, [7551, 7050, 5514]);
    await reads.startReads(members.sensor('a'), instantOf(Date.now()));
    await eventually(() => {
      assert.ok(site.dropped - dropped > 20_000);
    }, PATIENCE_MS);
    const { milliseconds, wrong } = await reads.endReads();
    const { sent, opened } = await end();
    assert.deepEqual(wrong, []);
    assert.ok(milliseconds.length > 1 && sent > 20_000 && opened > 0);
    await members.isWhole('oem-a', false);
  });

  it('are backed up, each by itself, while they run', async () => {
    await members.user(LOST).succeed('backup', '-o', join(members.machine(LOST).vault, 'backup.tar.gz'));
    await members.isWhole(LOST);
  });

  it('let a laboratory in by a proposal and its own file, which their rules kept out before', async () => {
    const newcomer = members.user(NEWCOMER);
    writeFileSync(members.file('joined.yaml'), descriptionText(joined));
    await newcomer.succeed('member', 'init', '--member', NEWCOMER, '--consortium', members.file('joined.yaml'));
    await newcomer.succeed('member', 'request', '-o', members.file('newcomer.json'));
    assert.equal(await members.machine(NEWCOMER).reaches(members.machine('nmi-north'), 7050), false);
    await members.propose(
      'join',
      '--consortium',
      members.file('joined.yaml'),
      '--newcomer',
      members.file('newcomer.json'),
    );
    await everyone(FOUNDERS, (id) =>
      members.adopt(id, members.file('joined.yaml'), '--newcomer', members.file('newcomer.json')),
    );
    await everyone([...FOUNDERS, NEWCOMER], (id) => members.loadRules(id));
    assert.equal(await members.machine(NEWCOMER).reaches(members.machine('nmi-north'), 7050), true);
    const invitations = await everyone(['nmi-north', 'lab-alpha'], (id) =>
      members.user(id).succeed<Fingerprint>('member', 'invite', NEWCOMER, '-o', members.file(`${id}.invitation.json`)),
    );
    const accepted = await newcomer.succeed<Fingerprint>('member', 'accept', members.file('lab-alpha.invitation.json'));
    assert.ok(invitations.every(({ fingerprint }) => fingerprint === accepted.fingerprint));
    await members.up(NEWCOMER);
    await members.isWhole(NEWCOMER);
    await members.register('t-joined', NEWCOMER);
    await members.knows('nmi-east', 't-joined', NEWCOMER);
  });

  it('lose a member by a proposal, whose nodes then reach nobody', async () => {
    writeFileSync(members.file('left.yaml'), descriptionText(left));
    await members.propose('leave', '--consortium', members.file('left.yaml'));
    const others = [...FOUNDERS, NEWCOMER].filter((id) => id !== LEAVER);
    await everyone(others, (id) => members.adopt(id, members.file('left.yaml')));
    await everyone(others, (id) => members.loadRules(id));
    const { code, status } = await members.statusOf(LEAVER);
    assert.equal(code, 5);
    assert.ok(status.others.every(({ isReached }) => !isReached));
    await members.register('t-afterwards');
    for (const id of others) await members.knows(id, 't-afterwards');
  });

  it('restore a lost machine from its own backup, which is older than the last changes, and it catches up', async () => {
    const lost = members.user(LOST);
    members.lose(LOST);
    await members.register('t-lost');
    await lost.succeed('restore', join(members.machine(LOST).vault, 'backup.tar.gz'));
    await members.loadRules(LOST);
    await lost.succeed('member', 'up', '--detach');
    await members.adopt(LOST, members.file('left.yaml'), '--newcomer', members.file('newcomer.json'));
    await lost.succeed('member', 'down');
    await members.loadRules(LOST);
    await lost.succeed('member', 'up', '--detach');
    await members.isWhole(LOST);
    await members.knows(LOST, 't-lost');
    await members.traces(LOST, members.sensor('b'));
    await members.isWhole('nmi-north');
  });
});

/** Regular files. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const OPEN_EACH = `
const { closeSync, openSync, readFileSync } = require('node:fs');
const readable = (file) => { try { closeSync(openSync(file)); return true; } catch { return false; } };
console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).filter(readable)));`;

async function readableFor(machine: Machine, files: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await machine.run([process.execPath, '-e', OPEN_EACH], { stdin: JSON.stringify(files) });
  return JSON.parse(stdout) as readonly string[];
}
