import { Authority, generateKeyPair, privateKeyPem, signerOf, validFor } from '@tracecal/pki';

/** A TLS authority, and keys that it vouches for. */
export interface TlsFixture {
  readonly ca: string;
  issue(commonName: string, hosts?: readonly string[]): Promise<{ certificate: string; privateKey: string }>;
}

export async function tlsFixture(): Promise<TlsFixture> {
  const keys = generateKeyPair();
  const subject = { organisation: 'test.example', country: 'DE', validity: validFor(1) };
  const root = { ...subject, commonName: 'tlsca.test.example', publicKey: keys.publicKey };
  const authority = await Authority.createRoot(root, signerOf(keys.privateKey));
  return {
    ca: authority.certificate,
    async issue(commonName, hosts = []) {
      const { publicKey, privateKey } = generateKeyPair();
      const certificate = await authority.issueTls({ ...subject, commonName, publicKey, hosts });
      return { certificate, privateKey: privateKeyPem(privateKey) };
    },
  };
}
