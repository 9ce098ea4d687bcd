import type { BundledQuestion } from './bundle.js';

/** What the question of the bundle's maker leaves out. */
export function leftOut({ quantity, at }: Pick<BundledQuestion, 'quantity' | 'at'>): readonly string[] {
  const place = at && [...(at.value === null ? [] : [at.value]), ...at.arguments.map(argumentText)].join(', ');
  const asked = [...(quantity === null ? [] : [quantity]), ...(place === null ? [] : [`at ${place}`])].join(' ');
  return asked === '' ? [] : [`the device's other results: the bundle was made for ${asked}`];
}

function argumentText({ name, value }: NonNullable<BundledQuestion['at']>['arguments'][number]): string {
  return `${name} ${value}`;
}
