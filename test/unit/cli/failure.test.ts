import assert from 'node:assert/strict';
import { aboutData, CliError } from '@tracecal/cli';
import { tracecal } from '../../support/commandLine.js';

function refusal(code: string, more: object = {}): Error {
  return Object.assign(new Error(`${code}: refused by the system`), { code, ...more });
}

describe('A data directory that the system refuses', () => {
  it('is said with the place, and what to do, where the disk is full', () => {
    for (const error of [refusal('ENOSPC'), refusal('ENOSPC', { path: '/data/keys/key.pem' }), refusal('EDQUOT')]) {
      const said = aboutData(error, '/data');
      assert.ok(said instanceof CliError);
      assert.equal(said.code, 'DISK_FULL');
      assert.match(said.message, /No space is left on the disk of \/data: free some/);
    }
  });

  it('is said with how to take it over where it belongs to another user', () => {
    const said = aboutData(refusal('EACCES', { path: '/data/x' }), '/data');
    assert.ok(said instanceof CliError);
    assert.match(said.message, /^\/data\/x belongs to another user, .*chown/);
  });

  it('stays as it is where it is about something else', () => {
    for (const error of [refusal('EACCES', { path: '/elsewhere' }), refusal('EPIPE'), new Error('other'), 'text']) {
      assert.equal(aboutData(error, '/data'), error);
    }
  });
});

describe('An error that begins with the name of a file', () => {
  it('keeps the name as it is', async () => {
    for (const [file, said] of [
      ['anch ored/a 1.json', 'anch ored/a 1.json does not exist'],
      ['lines of scopes', 'lines of scopes does not exist'],
    ] as const) {
      const { stderr } = await tracecal(['statement', 'show', file]);
      assert.ok(stderr.startsWith(`tracecal: ${said}`), stderr);
    }
  });
});
