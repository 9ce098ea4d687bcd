import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Check } from '../check.js';

const MEBIBYTE = 1024 ** 2;
const LEAST = 100 * MEBIBYTE;
const ENOUGH = 1024 * MEBIBYTE;

/** The ledger has room to grow. */
export const disk: Check = {
  name: 'disk',
  async run({ data, freeBytes }) {
    const folder = nearest(data.root);
    const free = await freeBytes(folder);
    const message = `${Math.floor(free / MEBIBYTE)} MiB are free in ${folder}`;
    const level = free < LEAST ? 'fail' : free < ENOUGH ? 'warn' : 'ok';
    return [{ level, message: level === 'ok' ? message : `${message}: make room before the ledger stops` }];
  },
};

function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}
