/**
 * Orders strings by their UTF-8 bytes, as Fabric does. JavaScript compares UTF-16 code units, which puts U+E000..U+FFFF
 * after the supplementary characters: endorsers would disagree with real peers about the order of keys.
 */
export function compareUtf8(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = rank(left.charCodeAt(index)) - rank(right.charCodeAt(index));
    if (difference !== 0) {
      return difference;
    }
  }
  return left.length - right.length;
}

const FIRST_SURROGATE = 0xd800;
const BEHIND_SURROGATES = 0xe000;

function rank(codeUnit: number): number {
  return codeUnit >= FIRST_SURROGATE && codeUnit < BEHIND_SURROGATES ? codeUnit + 0x10000 : codeUnit;
}
