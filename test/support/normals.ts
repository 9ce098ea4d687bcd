import type { Random } from './random.js';

/** Random values of a normal distribution with mean 0 and standard deviation 1 (Box and Muller). */
export function normals(random: Random, count: number): number[] {
  return Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next()),
  );
}
