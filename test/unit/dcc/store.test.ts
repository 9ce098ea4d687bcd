import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DccError, DirectoryStore, sha256Hex, type DccErrorCode } from '@tracecal/gateway-client/dcc';

function withCode(code: DccErrorCode): (error: unknown) => boolean {
  return (error) => error instanceof DccError && error.code === code;
}

describe('the content store', () => {
  let folder: string;
  let store: DirectoryStore;
  const bytes = Buffer.from('<certificate/>\r\n\u0000\ufeff', 'utf8');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tracecal-store-'));
    store = new DirectoryStore(folder);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('gives a file back byte for byte under its digest', async () => {
    const digest = await store.put(bytes);
    assert.equal(digest, sha256Hex(bytes));
    assert.ok(bytes.equals(await store.get(digest)));
    assert.equal(await store.has(digest), true);
  });

  it('keeps an empty file too', async () => {
    assert.equal((await store.get(await store.put(new Uint8Array()))).length, 0);
  });

  it('keeps the same bytes once, also when many put them at the same time', async () => {
    const digests = await Promise.all(Array.from({ length: 8 }, () => store.put(bytes)));
    const [digest] = digests;
    assert.equal(new Set(digests).size, 1);
    assert.deepEqual(readdirSync(join(folder, digest!.slice(0, 2), digest!.slice(2, 4))), [digest]);
  });

  it('says what it does not hold', async () => {
    assert.equal(await store.has(sha256Hex(bytes)), false);
    await assert.rejects(store.get(sha256Hex(bytes)), withCode('STORE_NOT_FOUND'));
  });

  it('takes nothing but a digest for a name', async () => {
    for (const name of ['', '../../etc/passwd', sha256Hex(bytes).toUpperCase(), `${sha256Hex(bytes)}/..`]) {
      await assert.rejects(store.get(name), withCode('STORE_NOT_FOUND'));
      await assert.rejects(store.has(name), withCode('STORE_NOT_FOUND'));
    }
  });

  it('notices a damaged file, and mends it when the right bytes come again', async () => {
    const digest = await store.put(bytes);
    writeFileSync(join(folder, digest.slice(0, 2), digest.slice(2, 4), digest), 'damaged');
    await assert.rejects(store.get(digest), withCode('STORE_DAMAGED'));
    await store.put(bytes);
    assert.ok(bytes.equals(await store.get(digest)));
  });

  it('says when its folder cannot be used', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await assert.rejects(new DirectoryStore(file).put(bytes), withCode('STORE_UNUSABLE'));
    await assert.rejects(new DirectoryStore(file).get(sha256Hex(bytes)), withCode('STORE_UNUSABLE'));
  });
});
