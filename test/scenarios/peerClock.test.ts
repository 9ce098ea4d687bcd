import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { NodeConnection, peerClockAhead, Signer } from '@tracecal/network/admin';
import { loadSigningIdentity, memberTree } from '@tracecal/network/pki';
import { scenarios } from '../support/sharedNetwork.js';

const MINUTE_MS = 60_000;
/** What a busy machine may take for an answer, and the second to which peers round. */
const UNCERTAIN_MS = 5 * MINUTE_MS;

scenarios("A peer's clock", (stage) => {
  /** By how much the peer is ahead of a clock that is wrong by this. */
  async function seenFrom(wrongByMs: number): Promise<number | undefined> {
    const { organisations, cryptoDir } = stage.network;
    const {
      gatewayEndpoint: address,
      tlsHostName: name,
      tlsCaCert,
      mspId,
    } = organisations.find(({ id }) => id === 'alpha')!;
    const connection = new NodeConnection({ name, address, tlsCa: readFileSync(tlsCaCert, 'utf8') });
    const domain = name.slice(name.indexOf('.') + 1);
    const signer = new Signer(loadSigningIdentity(memberTree(cryptoDir, { domain }).user('User1').msp, mspId));
    try {
      return await peerClockAhead(connection, signer, () => Date.now() + wrongByMs);
    } finally {
      connection.close();
    }
  }

  for (const [what, wrongByMs] of [
    ['as this one', 0],
    ['behind one that is an hour ahead', 60 * MINUTE_MS],
    ['ahead of one that is two days behind', -2 * 24 * 60 * MINUTE_MS],
  ] as const) {
    it(`is told to a member ${what}`, async () => {
      const ahead = await seenFrom(wrongByMs);
      assert.ok(ahead !== undefined && Math.abs(ahead + wrongByMs) < UNCERTAIN_MS, String(ahead));
    });
  }
});
