import { Application } from './application.js';
import { scenarioConsortium } from './scenarioConsortium.js';
import type { ApplicationNetwork } from './application.js';

/**
 * A client that is killed in the middle of a transaction: after the orderers took it and before it hears of the commit, or
 * before it has sent it. It tells its parent the transaction id first, as a careful client would write it down.
 *
 *     fork(this, [JSON of { organisations, cryptoDir }, key, 'submitted' | 'endorsed'])
 */
async function main([place = '', key = '', until = '']: readonly string[]): Promise<void> {
  const known = JSON.parse(place) as Pick<ApplicationNetwork, 'organisations' | 'cryptoDir'>;
  const application = new Application({ ...known, consortium: scenarioConsortium() }, 'gamma');
  const transaction = await application
    .contract()
    .newProposal('increment', { arguments: [key] })
    .endorse();
  await new Promise((resolve) => process.send!(transaction.getTransactionId(), resolve));
  if (until === 'submitted') await transaction.submit();
  process.kill(process.pid, 'SIGKILL');
}

void main(process.argv.slice(2));
