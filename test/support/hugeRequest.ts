import type { OrganisationEndpoint } from '@tracecal/network/engine';
import { RawStream } from './rawStream.js';

const CHUNK = Buffer.alloc(1024 * 1024, 0x0a);

/**
 * Announces a gRPC message of so many bytes and sends it piece by piece, until it is answered: unlike a gRPC client it
 * does not have the whole message first. Returns the name of the gRPC status.
 */
export async function sendHuge(endpoint: OrganisationEndpoint, path: string, length: number): Promise<string> {
  const stream = new RawStream(`https://${endpoint.gatewayEndpoint}`, path);
  let answered = false;
  const answer = stream.ended.finally(() => {
    answered = true;
  });
  stream.announce(length);
  for (let sent = 0; sent < length && !isAnswered(); sent += CHUNK.length) await stream.send(CHUNK);
  return (await answer).code;

  function isAnswered(): boolean {
    return answered;
  }
}
