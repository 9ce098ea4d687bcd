import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REVOCATION_REASONS } from '@tracecal/core/model';
import { tracecal } from '../../support/commandLine.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('A command that cannot be undone', () => {
  after(removeTemporaryFolders);

  /** A data directory with something in it that `reset` deletes. */
  function withTrust() {
    const data = temporaryFolder();
    writeFileSync(join(data, 'consortium.yaml'), '');
    writeFileSync(join(data, 'engine'), 'embedded');
    writeFileSync(join(data, 'trust.json'), '{}');
    return { data, isThere: () => existsSync(join(data, 'trust.json')) };
  }

  for (const args of [
    ['revoke', 'device', 'x', '--reason', 'fraud'],
    ['suspend', 'technician', 'x', '--reason', 'fraud'],
    ['report', 'reject', 'x'],
    ['report', 'amend', 'x', 'y', '--technician', 'z'],
    ['scopes', 'reduce', 'lab-alpha', '--quantity', 'temperature', '--until', '2099-01-01'],
  ]) {
    it(`needs --yes where nobody can be asked, before any network is: ${args.slice(0, 2).join(' ')}`, async () => {
      const environment = { TRACECAL_DATA: temporaryFolder() };
      const { code, stdout, stderr } = await tracecal(args, { environment });
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^tracecal: .*cannot be undone.* add --yes .*\[NOT_CONFIRMED\]\n$/);
      assert.equal((await tracecal([...args, '--yes'], { environment })).code, 3, 'no network runs');
      assert.equal((await tracecal([...args, '--dry-run'], { environment })).code, 3, 'no network runs');
    });
  }

  it('asks nobody who wants JSON: a program reads the answer', async () => {
    const { data, isThere } = withTrust();
    const { code, stdout } = await tracecal(['reset', '--json', '--data', data], { terminal: true, stdin: 'y\n' });
    assert.equal(code, 2);
    assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, 'NOT_CONFIRMED');
    assert.ok(isThere());
  });

  for (const [typed, isDone] of [
    ['y\n', true],
    ['YES\n', true],
    ['n\n', false],
    ['\n', false],
    ['yesterday\n', false],
    ['', false],
  ] as const) {
    it(`is ${isDone ? 'done' : 'not done'} after the answer ${JSON.stringify(typed)}`, async () => {
      const { data, isThere } = withTrust();
      const { code, stderr } = await tracecal(['reset', '--data', data], { terminal: true, stdin: typed });
      assert.match(stderr, /^This deletes ledgers, keys and certificates in .* for good\. Go on\? \[y\/N\] /);
      assert.equal(isThere(), !isDone);
      assert.equal(code, isDone ? 0 : 2);
      assert.equal(stderr.includes('Nothing was changed. [DECLINED]'), !isDone);
    });
  }

  it('says with --dry-run what it would do, and does nothing', async () => {
    const { data, isThere } = withTrust();
    const { code, stdout } = await tracecal(['reset', '--dry-run', '--json', '--data', data]);
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), {
      dryRun: true,
      data,
      paths: ['trust.json', 'consortium.yaml', 'engine'].map((name) => join(data, name)),
    });
    assert.ok(isThere());
  });

  it('names the reasons for a revocation, and which of them leave earlier work valid', async () => {
    const { code, stderr } = await tracecal(['revoke', 'device', 'x', '--yes', '--data', temporaryFolder()]);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`--reason: ${REVOCATION_REASONS.join(', ')}`));
    const { stdout } = await tracecal(['revoke', '--help']);
    const [, back = '', kept = ''] =
      /earlier work in doubt, too:\n([^]*)earlier work stays valid:\n([^]*)$/.exec(stdout) ?? [];
    for (const reason of REVOCATION_REASONS) {
      const isKept = ['cessation', 'accreditation-withdrawn'].includes(reason);
      assert.match(isKept ? kept : back, new RegExp(`^  ${reason}  `, 'm'));
    }
  });
});
