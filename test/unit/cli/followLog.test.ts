import assert from 'node:assert/strict';
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { followLog } from '@tracecal/cli';
import { eventually } from '../../support/eventually.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

function sees(told: readonly string[], lines: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    assert.deepEqual(told, lines);
    resolve();
  });
}

describe('A log that is followed', () => {
  after(removeTemporaryFolders);

  it('is told line by line as it grows, and whole up to its end', async () => {
    const file = join(temporaryFolder(), 'network.log');
    writeFileSync(file, 'first\nsec');
    const told: string[] = [];
    const end = followLog(file, (line) => told.push(line));
    await eventually(() => sees(told, ['first']));
    appendFileSync(file, Buffer.concat([Buffer.from('ond\n20 '), Buffer.from('°').subarray(0, 1)]));
    await eventually(() => sees(told, ['first', 'second']));
    appendFileSync(file, Buffer.concat([Buffer.from('°').subarray(1), Buffer.from('C\n')]));
    end();
    assert.deepEqual(told, ['first', 'second', '20 °C']);
  });

  it('is followed from its beginning after its older lines were moved away', async () => {
    const file = join(temporaryFolder(), 'network.log');
    writeFileSync(file, 'a long line of before\n');
    const told: string[] = [];
    const end = followLog(file, (line) => told.push(line));
    await eventually(() => sees(told, ['a long line of before']));
    truncateSync(file);
    appendFileSync(file, 'a new one\n');
    await eventually(() => sees(told, ['a long line of before', 'a new one']));
    end();
  });
});
