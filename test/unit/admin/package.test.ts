import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { AdminError, packageService } from '@tracecal/network/admin';

const plain = { address: '127.0.0.1:9999' };

/** Name and content of every file of a tar archive, read by the rules of POSIX ustar. */
function untar(archive: Buffer): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; archive[at] !== 0;) {
    const header = archive.subarray(at, at + 512);
    const size = parseInt(header.toString('latin1', 124, 135), 8);
    files.set(header.toString('latin1', 0, 100).replace(/\0+$/, ''), archive.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

function contentOf(archive: Buffer, name: string): Buffer {
  const file = untar(gunzipSync(archive)).get(name);
  assert.ok(file, `${name} is not in the archive`);
  return file;
}

function jsonOf(archive: Buffer, name: string): unknown {
  return JSON.parse(contentOf(archive, name).toString());
}

describe('A chaincode package', () => {
  it('has the same bytes and the same id whenever and wherever it is made', () => {
    const [first, second] = [packageService('registry_1.0', plain), packageService('registry_1.0', plain)];
    assert.deepEqual(first, second);
    // Fixed, because every member of a consortium computes it for itself: on another system, with another zlib.
    assert.equal(first.id, 'registry_1.0:a6905e8a25171e76d253be3e7b1bf7922262b9d7209f571f1dc0399b2d6541c6');
  });

  it('gets another id when the service moves, or with another label', () => {
    const { id } = packageService('registry_1.0', plain);
    assert.notEqual(packageService('registry_1.0', { address: '127.0.0.1:9998' }).id, id);
    assert.notEqual(packageService('registry_1.1', plain).id, id);
  });

  it('gets another id for other code, and tells no more of it than its digest', () => {
    const [first, second] = ['0a', '0b'].map((codeDigest) => packageService('registry_1.0', { ...plain, codeDigest }));
    assert.notEqual(first!.id, second!.id);
    assert.notEqual(first!.id, packageService('registry_1.0', plain).id);
    assert.deepEqual(jsonOf(contentOf(first!.bytes, 'code.tar.gz'), 'code.json'), { sha256: '0a' });
  });

  it('names its type and its label for the peer', () => {
    const metadata = jsonOf(packageService('registry_1.0', plain).bytes, 'metadata.json');
    assert.deepEqual(metadata, { path: '', type: 'ccaas', label: 'registry_1.0' });
  });

  it('tells the peer where the service listens', () => {
    const code = contentOf(packageService('registry_1.0', plain).bytes, 'code.tar.gz');
    const connection = jsonOf(code, 'connection.json');
    assert.deepEqual(connection, { address: '127.0.0.1:9999', dial_timeout: '10s', tls_required: false });
  });

  it('carries what both ends of a TLS connection ask for', () => {
    const client = { certificate: 'client certificate', privateKey: 'client key' };
    const { bytes } = packageService('registry_1.0', { ...plain, tls: { rootCertificate: 'root', client } });
    const connection = jsonOf(contentOf(bytes, 'code.tar.gz'), 'connection.json');
    assert.deepEqual(connection, {
      address: '127.0.0.1:9999',
      dial_timeout: '10s',
      tls_required: true,
      root_cert: 'root',
      client_auth_required: true,
      client_cert: 'client certificate',
      client_key: 'client key',
    });
  });

  it('may be larger than one block of a deflate stream', () => {
    const rootCertificate = 'certificate '.repeat(20_000);
    const { bytes } = packageService('registry_1.0', { ...plain, tls: { rootCertificate } });
    const connection = jsonOf(contentOf(bytes, 'code.tar.gz'), 'connection.json') as {
      root_cert: string;
    };
    assert.equal(connection.root_cert, rootCertificate);
  });

  for (const label of ['', '-registry', 'registry 1', 'registry:1', 'Zähler']) {
    it(`refuses the label ${JSON.stringify(label)}, which a peer would refuse later`, () => {
      assert.throws(
        () => packageService(label, plain),
        (error) => error instanceof AdminError && error.code === 'BAD_INPUT',
      );
    });
  }
});
