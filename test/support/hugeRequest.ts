import { status } from '@grpc/grpc-js';
import { once } from 'node:events';
import { connect, constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { OrganisationEndpoint } from '@tracecal/network/engine';

const CHUNK = Buffer.alloc(1024 * 1024, 0x0a);
const { HTTP2_HEADER_METHOD, HTTP2_HEADER_PATH, HTTP2_HEADER_CONTENT_TYPE, HTTP2_HEADER_TE } = constants;

/**
 * Announces a gRPC message of so many bytes and sends it piece by piece, until it is answered: unlike a gRPC client it
 * does not have the whole message first. Returns the name of the gRPC status.
 */
export async function sendHuge(endpoint: OrganisationEndpoint, path: string, length: number): Promise<string> {
  const session = connect(`https://${endpoint.gatewayEndpoint}`, { rejectUnauthorized: false });
  session.on('error', () => undefined);
  try {
    const stream = session.request({
      [HTTP2_HEADER_METHOD]: 'POST',
      [HTTP2_HEADER_PATH]: path,
      [HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc',
      [HTTP2_HEADER_TE]: 'trailers',
    });
    const answered = new AbortController();
    const answer = statusOf(stream).finally(() => {
      answered.abort();
    });
    await write(stream, length, answered.signal);
    return await answer;
  } finally {
    session.destroy();
  }
}

async function write(stream: ClientHttp2Stream, length: number, answered: AbortSignal): Promise<void> {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(length, 1);
  stream.write(prefix);
  for (let sent = 0; sent < length && !answered.aborted; sent += CHUNK.length) {
    if (!stream.write(CHUNK)) await once(stream, 'drain', { signal: answered }).catch(() => undefined);
  }
}

/** The status comes in the first headers, where there is nothing but an error, or in the last. */
function statusOf(stream: ClientHttp2Stream): Promise<string> {
  return new Promise((resolve) => {
    const look = (headers: IncomingHttpHeaders): void => {
      const code = headers['grpc-status'];
      if (code !== undefined) resolve(status[Number(code)] ?? String(code));
    };
    stream.on('response', look);
    stream.on('trailers', look);
    stream.on('error', () => undefined);
    stream.on('close', () => {
      resolve('none');
    });
    stream.resume();
  });
}
