import { bytes, LedgerFixture, text } from './ledgerFixture.js';

/**
 * Runs as a process of its own until it is killed: commits one counting transaction after the other, in blocks of one to
 * three, and writes each transaction id to standard output once its block was acknowledged.
 */
async function writeUntilKilled(directory: string): Promise<void> {
  const fixture = await LedgerFixture.open(undefined, directory);
  for (let round = 0; ; round++) {
    const block = [];
    for (let index = 0; index <= round % 3; index++) {
      const counter = `counter ${index}`;
      block.push(
        await fixture.propose(async (simulator) => {
          const before = Number(text(await simulator.getState('registry', counter)) ?? '0');
          simulator.putState('registry', counter, bytes(String(before + 1)));
          simulator.putState('registry', `filler ${round}`, Buffer.alloc(2000, round));
        }),
      );
    }
    await fixture.commit(...block);
    process.stdout.write(block.map(({ txId }) => `${txId}\n`).join(''));
  }
}

const [, , directory] = process.argv;
if (require.main === module && directory !== undefined) {
  void writeUntilKilled(directory);
}
