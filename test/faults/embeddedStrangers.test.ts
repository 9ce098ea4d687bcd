import { gateway, peer } from '@hyperledger/fabric-protos';
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Application } from '../support/application.js';
import { EmbeddedProcess } from '../support/engineEmbedded.js';
import { RawStream } from '../support/rawStream.js';
import { sharedChannelAlone } from '../support/scenarioConsortium.js';

const MIB = 1024 * 1024;
const SENDERS = 12;
const PING_PAUSE_MS = 20;
const MESSAGE_BYTES = 90 * MIB;
/** The budget, a second copy of a message that is put together, and what the garbage collector has not seen to yet. */
const MOST_GROWTH = 700 * MIB;

describe('The embedded network, sent 12 messages of 90 MB by callers without an identity,', function () {
  this.timeout(300_000);

  const network = new EmbeddedProcess(sharedChannelAlone());
  let application: Application;

  before(async () => {
    await network.start();
    application = new Application(network, 'alpha');
    assert.equal(await application.evaluate('noop'), 'ok');
  });

  after(async () => {
    application.close();
    await network.stop();
  });

  it('works on for its members, and holds few of them at a time', async function () {
    const before = resetPeak(network.pid);
    if (before === undefined) this.skip();
    const message = unsignedRequest();
    const { gatewayEndpoint } = network.organisations.find(({ id }) => id === 'alpha')!;
    let left = SENDERS;
    const strangers = Array.from({ length: SENDERS }, async () => {
      const stream = new RawStream(`https://${gatewayEndpoint}`, '/gateway.Gateway/Evaluate');
      await stream.sendAll(message);
      const { code } = await stream.ended;
      left--;
      return code;
    });
    let pings = 0;
    while (left > 0) {
      assert.equal(await application.evaluate('noop'), 'ok');
      pings++;
      await pause(PING_PAUSE_MS);
    }
    assert.deepEqual(new Set(await Promise.all(strangers)), new Set(['INVALID_ARGUMENT']), 'each has its turn');
    assert.ok(pings >= SENDERS, `${pings} evaluations of a member between them`);
    const growth = peakOf(network.pid)! - before;
    assert.ok(growth < MOST_GROWTH, `it grew by ${Math.round(growth / MIB)} MiB`);
  });
});

/** A request whose proposal says nothing about its sender. */
function unsignedRequest(): Buffer {
  const proposal = new peer.SignedProposal();
  proposal.setProposalBytes(Buffer.alloc(MESSAGE_BYTES, 1));
  const request = new gateway.EvaluateRequest();
  request.setProposedTransaction(proposal);
  return Buffer.from(request.serializeBinary());
}

/** Has the system forget the most memory that a process ever had, and tells what it has now. Undefined where it is not Linux. */
function resetPeak(pid: number): number | undefined {
  const file = `/proc/${pid}/clear_refs`;
  if (!existsSync(file)) return undefined;
  writeFileSync(file, '5');
  return peakOf(pid);
}

function peakOf(pid: number): number | undefined {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
