import { Authority, generateKeyPair, privateKeyPem, signerOf, validFor } from '@tracecal/pki';
import { X509Certificate } from 'node:crypto';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { NOW } from './site.js';

/** A TLS key with its certificate, valid around the time of these tests. */
export interface TlsIdentity {
  readonly key: string;
  readonly cert: string;
  /** SHA-256 in hexadecimal digits. */
  readonly fingerprint: string;
}

export async function tlsIdentity(commonName: string, days = 10): Promise<TlsIdentity> {
  const [root, own] = [generateKeyPair(), generateKeyPair()];
  const base = { organisation: 'test', country: 'DE', validity: validFor(days, new Date(NOW)) };
  const rootRequest = { ...base, commonName: `${commonName} root`, publicKey: root.publicKey };
  const authority = await Authority.createRoot(rootRequest, signerOf(root.privateKey));
  const cert = await authority.issueTls({ ...base, commonName, publicKey: own.publicKey, hosts: ['localhost'] });
  const fingerprint = new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase();
  return { key: privateKeyPem(own.privateKey), cert, fingerprint };
}

/** Asks over a TLS connection of its own, with a client certificate or without. */
export function askOverTls(
  address: AddressInfo,
  path: string,
  client?: TlsIdentity,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const { port } = address;
    // The certificates of these tests are of a fixed date.
    const options = { host: '127.0.0.1', port, path, headers, rejectUnauthorized: false, agent: false };
    const asked = request({ ...options, ...(client && { key: client.key, cert: client.cert }) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on('error', reject);
    asked.end();
  });
}
