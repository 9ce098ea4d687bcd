import { readFileSync } from 'node:fs';
import { Follower } from '@tracecal/gateway-client/replica';
import type { DefinedChaincode } from '@tracecal/ledger/validation';
import { FakePeer } from './fakePeer.js';

/** What a follower in a process of its own is given, in a file. */
export interface Recording {
  /** Base64. */
  readonly blocks: readonly string[];
  readonly definitions: readonly { readonly name: string; readonly policy: string }[];
}

/**
 * Follows recorded blocks into a replica, tells its parent of each block, and ends.
 *
 *     fork(this, [recording, folder])
 */
async function main([file = '', replica = '']: readonly string[]): Promise<void> {
  const { blocks, definitions } = JSON.parse(readFileSync(file, 'utf8')) as Recording;
  const peer = new FakePeer(
    'nmi-north',
    blocks.map((block) => Buffer.from(block, 'base64')),
  );
  const follower = new Follower({
    replica,
    peers: [peer],
    definitions: definitions.map(({ name, policy }): DefinedChaincode => ({
      name,
      endorsementPolicy: Buffer.from(policy, 'base64'),
      collections: [],
    })),
    onProgress: ({ height }) => process.send!(height),
  });
  await follower.catchUp();
  await follower.close();
  process.disconnect();
}

void main(process.argv.slice(2));
