import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeChaincodeTls, type ChaincodeTls } from '../../../chaincode/index.js';
import { Staging } from '../../../pki/index.js';

/** The folder of a service's TLS material. It is complete or does not exist. */
const TLS = 'tls';

/** Path of a service's TLS material. */
export function tlsFolder(folder: string): string {
  return join(folder, TLS);
}

/** The TLS material with which a peer reaches a service. */
export type ClientTls = Pick<ChaincodeTls, 'ca' | 'client'>;

/** The client's part of a service's TLS material; made if it does not exist. */
export async function serviceTls(folder: string, name: string, hosts: readonly string[]): Promise<ClientTls> {
  const read = (file: string): Promise<string> => readFile(join(tlsFolder(folder), file), 'utf8');
  try {
    return {
      ca: await read('ca.crt'),
      client: { certificate: await read('client.crt'), privateKey: await read('client.key') },
    };
  } catch {
    return write(folder, await makeChaincodeTls(name, hosts));
  }
}

async function write(folder: string, tls: ChaincodeTls): Promise<ClientTls> {
  const { ca, server, client } = tls;
  const files = [
    { path: 'ca.crt', content: ca },
    { path: 'server.crt', content: server.certificate },
    { path: 'server.key', content: server.privateKey, secret: true },
    { path: 'client.crt', content: client.certificate },
    { path: 'client.key', content: client.privateKey, secret: true },
  ];
  const staging = new Staging(folder);
  try {
    // An existing folder is incomplete here; a complete one would have been used.
    await rm(tlsFolder(folder), { recursive: true, force: true });
    staging.create(tlsFolder(folder), files);
  } finally {
    staging.close();
  }
  return tls;
}
