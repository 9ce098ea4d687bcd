import type { BlockSource } from '@tracecal/gateway-client/replica';

/** A peer that has these blocks, and whatever a test puts in their place. */
export class FakePeer implements BlockSource {
  readonly name: string;
  readonly #blocks: readonly Uint8Array[];

  constructor(name: string, blocks: readonly Uint8Array[]) {
    this.name = name;
    this.#blocks = blocks;
  }

  height(): Promise<number> {
    return Promise.resolve(this.#blocks.length);
  }

  async *blocks(first: number, last: number): AsyncGenerator<Uint8Array> {
    for (const block of this.#blocks.slice(first, last + 1)) yield await Promise.resolve(block);
  }
}

/** Blocks with another one in the place of one of them. */
export function withBlock(blocks: readonly Uint8Array[], number: number, block: Uint8Array): readonly Uint8Array[] {
  return blocks.with(number, block);
}
