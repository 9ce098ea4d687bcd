import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, TraceCalError } from '@tracecal/gateway-client';

/**
 * An application that asks once while the network answers, once when its parent says, follows events meanwhile, and closes. It
 * tells its parent what it got; that it ends is up to the SDK.
 *
 *     fork(this, [profile])
 */
async function main([profile = '']: readonly string[]): Promise<void> {
  const tracecal = await connect({ profile, timeoutMs: 2000 });
  await tracecal.ping();
  const following = codeOf(tellEvents(tracecal.events()));
  const stopped = once(process, 'message');
  process.send!('ready');
  await stopped;
  const asked = await codeOf(tracecal.ping());
  tracecal.close();
  const again = await codeOf(tracecal.ping());
  process.send!([asked, await following, again]);
  process.disconnect();
}

async function tellEvents(events: AsyncIterable<unknown>): Promise<void> {
  for await (const event of events) assert.ok(event);
}

function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'answered',
    (error: unknown) => (error instanceof TraceCalError ? error.code : String(error)),
  );
}

void main(process.argv.slice(2));
