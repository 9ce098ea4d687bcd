import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeChaincodeTls, type ChaincodeTls } from '../../../chaincode/index.js';
import { Staging } from '../../../pki/index.js';

/** The folder of a service's TLS material: whole, or not there. */
const TLS = 'tls';

/** Where the TLS material of a service lies. */
export function tlsFolder(folder: string): string {
  return join(folder, TLS);
}

/** What a peer needs to reach a service. */
export type ClientTls = Pick<ChaincodeTls, 'ca' | 'client'>;

/** The client's side of a service's TLS material; the first time all of it is made. */
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
    // What is there is not whole, or it would have been taken.
    await rm(tlsFolder(folder), { recursive: true, force: true });
    staging.create(tlsFolder(folder), files);
  } finally {
    staging.close();
  }
  return tls;
}
