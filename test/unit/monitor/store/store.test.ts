import { Store } from '@tracecal/monitor';
import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { removeTemporaryFolders, temporaryFolder } from '../../../support/temporaryFolder.js';

const numbered = z.strictObject({ n: z.number() });

describe('The store of a monitor', () => {
  let folder: string;
  let store: Store;

  beforeEach(async () => {
    folder = temporaryFolder();
    store = await Store.open(join(folder, 'store'));
  });

  afterEach(() => store.close());
  after(removeTemporaryFolders);

  it('has what it was given after it was closed and opened again', async () => {
    await store.write([store.collection('a', numbered).put('x', { n: 1 })]);
    await store.close();
    store = await Store.open(join(folder, 'store'));
    assert.deepEqual(await store.collection('a', numbered).get('x'), { n: 1 });
    assert.equal(await store.collection('a', numbered).get('y'), undefined);
  });

  it('keeps collections apart, also where one name begins another', async () => {
    const [a, ab] = [store.collection('a', numbered), store.collection('ab', numbered)];
    await store.write([a.put('x', { n: 1 }), ab.put('x', { n: 2 })]);
    assert.deepEqual(await keysOf(a.entries()), ['x']);
    await store.write([a.remove('x')]);
    assert.deepEqual(await ab.get('x'), { n: 2 });
  });

  it('reads in the order of keys, from a key, behind a key, a few, and backwards', async () => {
    const a = store.collection('a', numbered);
    await store.write(['1', '2', '3', '4'].map((key) => a.put(key, { n: Number(key) })));
    assert.deepEqual(await keysOf(a.entries()), ['1', '2', '3', '4']);
    assert.deepEqual(await keysOf(a.entries({ from: '2', limit: 2 })), ['2', '3']);
    assert.deepEqual(await keysOf(a.entries({ after: '2' })), ['3', '4']);
    assert.deepEqual(await keysOf(a.entries({ reverse: true })), ['4', '3', '2', '1']);
    assert.deepEqual(await keysOf(a.entries({ reverse: true, after: '3' })), ['2', '1']);
  });

  it('is open in one process at a time, and says so', async () => {
    await assert.rejects(Store.open(join(folder, 'store')), /another process has it open: stop that one/);
  });

  it('says where it is damaged', async () => {
    await store.write([store.collection('a', z.unknown()).put('x', { other: 1 })]);
    await assert.rejects(store.collection('a', numbered).get('x'), /damaged at a x: restore it/);
  });

  it('says that a folder cannot be used', async () => {
    await writeFile(join(folder, 'file'), '');
    await assert.rejects(Store.open(join(folder, 'file')), /cannot use .*file/);
    assert.deepEqual((await readdir(folder)).sort(), ['file', 'store']);
  });
});

async function keysOf(entries: AsyncIterable<readonly [string, unknown]>): Promise<string[]> {
  const keys: string[] = [];
  for await (const [key] of entries) keys.push(key);
  return keys;
}
