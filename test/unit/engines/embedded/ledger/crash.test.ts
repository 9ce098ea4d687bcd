import { peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { codesOf, LedgerFixture } from '../../../../support/ledgerFixture.js';
import { runSeed } from '../../../../support/seed.js';

const KILLS = Number(process.env['TRACECAL_KILLS'] ?? 4);
const LONGEST_RUN_MS = 300;

/** Lets a writer run for so long after its first acknowledgement, then kills it. What it acknowledged. */
async function writeAndKill(directory: string, runMs: number): Promise<string[]> {
  const writer = spawn(process.execPath, [require.resolve('../../../../support/ledgerWriter.js'), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  writer.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const ended = once(writer, 'close');
  await Promise.race([once(writer.stdout, 'data'), ended]);
  await wait(runMs);
  writer.kill('SIGKILL');
  await ended;
  return output
    .slice(0, output.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((txId) => txId !== '');
}

describe('a ledger whose process is killed while it commits', function () {
  this.timeout(30_000 + KILLS * 5_000);

  it('has every acknowledged transaction, once, and a whole chain', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tracecal-ledger-'));
    const acknowledged = new Set<string>();
    for (let kill = 0; kill < KILLS; kill++) {
      const runMs = ((runSeed + kill * 7919) * 2654435761) % LONGEST_RUN_MS;
      for (const txId of await writeAndKill(directory, runMs)) {
        acknowledged.add(txId);
      }
      const fixture = await LedgerFixture.open(undefined, directory);
      try {
        await fixture.ledger.verifyChain();
        for (const txId of acknowledged) {
          assert.equal((await fixture.ledger.transaction(txId))?.code, peer.TxValidationCode.VALID, `lost ${txId}`);
        }
        assert.equal(await countedIn(fixture), await validIn(fixture), 'a transaction was applied not exactly once');
      } finally {
        await (kill < KILLS - 1 ? fixture.ledger.close() : fixture.end());
      }
    }
    assert.ok(acknowledged.size > 0);
  });
});

/** What the counters say: each valid transaction has added one. */
async function countedIn(fixture: LedgerFixture): Promise<number> {
  let sum = 0;
  for (const counter of ['counter 0', 'counter 1', 'counter 2']) {
    sum += Number((await fixture.state(counter)) ?? '0');
  }
  return sum;
}

/** Valid transactions in the blocks, the genesis block left out. */
async function validIn(fixture: LedgerFixture): Promise<number> {
  let valid = 0;
  for (let number = 1n; number < fixture.ledger.height; number++) {
    const block = await fixture.ledger.block(number);
    valid += codesOf(block!).filter((code) => code === peer.TxValidationCode.VALID).length;
  }
  return valid;
}
