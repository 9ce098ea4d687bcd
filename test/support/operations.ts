import { request } from 'node:https';
import { join } from 'node:path';
import type { NodeProcess } from '@tracecal/network/fabric';
import { loadTls } from '@tracecal/network/pki';

/** What a node's operations endpoint answers. */
export interface OperationsAnswer {
  readonly status: number;
  readonly text: string;
}

/** Asks a node's operations endpoint as the node itself, whose TLS key and certificate are in the crypto-config tree. */
export function askOperations(node: NodeProcess, cryptoDir: string, path: string): Promise<OperationsAnswer> {
  const domain = node.name.slice(node.name.indexOf('.') + 1);
  const { certificate, privateKey } = loadTls(
    join(cryptoDir, `${node.kind}Organizations`, domain, `${node.kind}s`, node.name, 'tls'),
  );
  return askOperationsWith(node, path, { cert: certificate, key: privateKey });
}

/** Asks a node's operations endpoint with any client certificate, or with none. With `ca`, the node's own certificate is verified too. */
export function askOperationsWith(
  { operations = '' }: NodeProcess,
  path: string,
  client: { readonly cert?: string; readonly key?: string; readonly ca?: string } = {},
): Promise<OperationsAnswer> {
  const { hostname, port } = new URL(`https://${operations}`);
  return new Promise((resolve, reject) => {
    // Without an authority, whether the server is who it says it is, is not the question.
    const options = { hostname, port, path, ...client, rejectUnauthorized: client.ca !== undefined, timeout: 2000 };
    const asked = request(options, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') });
      });
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer in time')));
    asked.on('error', reject);
    asked.end();
  });
}
