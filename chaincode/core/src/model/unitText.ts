/**
 * A D-SI unit as people write it: `°C` for `\degreecelsius`, `m/s²` for `\metre\per\second\tothe{2}`. Unknown text is returned
 * unchanged. For display only: `parseUnit` compares units.
 */
export function unitText(unit: string): string {
  const words = unit.match(/\\[A-Za-z]+(?:\{[^{}]*\})?/g) ?? [];
  const factors = words.join('') === unit ? factorsOf(words) : undefined;
  if (factors === undefined || factors.length === 0) {
    return unit;
  }
  const above = factors.filter(({ isBelow }) => !isBelow).map(({ text }) => text);
  const below = factors.filter(({ isBelow }) => isBelow).map(({ text }) => text);
  const divisor = below.length > 1 ? `(${below.join('·')})` : below.join('');
  return [above.length > 0 ? above.join('·') : '1', ...(divisor === '' ? [] : [divisor])].join('/');
}

/** A unit by itself: a plain number has none. */
export function unitName(unit: string): string {
  const text = unitText(unit);
  return text === '1' || text === '' ? '(no unit)' : text;
}

/** A number with its unit, as people write it: a plain number has none. */
export function withUnit(value: number | string, unit: string): string {
  const text = unitText(unit);
  return text === '1' || text === '' ? String(value) : `${value} ${text}`;
}

interface Factor {
  readonly text: string;
  readonly isBelow: boolean;
}

/** `[\per] [\prefix] \unit [\tothe{n}]`, again and again. */
function factorsOf(words: readonly string[]): readonly Factor[] | undefined {
  const left = words.map((word) => word.slice(1));
  const factors: Factor[] = [];
  while (left.length > 0) {
    const isBelow = left[0] === 'per';
    if (isBelow) {
      left.shift();
    }
    const prefix = PREFIXES.get(left[0] ?? '');
    if (prefix !== undefined) {
      left.shift();
    }
    const symbol = SYMBOLS.get(left.shift() ?? '');
    if (symbol === undefined) {
      return undefined;
    }
    const power = /^tothe\{([-+]?[\d.]+)\}$/.exec(left[0] ?? '')?.[1];
    if (power !== undefined) {
      left.shift();
    }
    factors.push({ text: `${prefix ?? ''}${symbol}${power === undefined ? '' : raised(power)}`, isBelow });
  }
  return factors;
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function raised(power: string): string {
  const plain = power.replace('+', '');
  return plain.includes('.')
    ? `^${plain}`
    : plain.replaceAll(/[-\d]/g, (sign) => (sign === '-' ? '⁻' : (SUPERSCRIPTS[Number(sign)] ?? sign)));
}

const PREFIXES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    quetta: 'Q',
    ronna: 'R',
    yotta: 'Y',
    zetta: 'Z',
    exa: 'E',
    peta: 'P',
    tera: 'T',
    giga: 'G',
    mega: 'M',
    kilo: 'k',
    hecto: 'h',
    deca: 'da',
    deci: 'd',
    centi: 'c',
    milli: 'm',
    micro: 'µ',
    nano: 'n',
    pico: 'p',
    femto: 'f',
    atto: 'a',
    zepto: 'z',
    yocto: 'y',
    ronto: 'r',
    quecto: 'q',
  }),
);

const SYMBOLS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    metre: 'm',
    kilogram: 'kg',
    second: 's',
    ampere: 'A',
    kelvin: 'K',
    mole: 'mol',
    candela: 'cd',
    one: '1',
    percent: '%',
    ppm: 'ppm',
    gram: 'g',
    radian: 'rad',
    steradian: 'sr',
    hertz: 'Hz',
    newton: 'N',
    pascal: 'Pa',
    joule: 'J',
    watt: 'W',
    coulomb: 'C',
    volt: 'V',
    farad: 'F',
    ohm: 'Ω',
    siemens: 'S',
    weber: 'Wb',
    tesla: 'T',
    henry: 'H',
    degreecelsius: '°C',
    degreeCelsius: '°C',
    lumen: 'lm',
    lux: 'lx',
    becquerel: 'Bq',
    gray: 'Gy',
    sievert: 'Sv',
    katal: 'kat',
    minute: 'min',
    hour: 'h',
    day: 'd',
    degree: '°',
    arcminute: '′',
    arcsecond: '″',
    hectare: 'ha',
    litre: 'L',
    tonne: 't',
    bar: 'bar',
    mmHg: 'mmHg',
    electronvolt: 'eV',
    dalton: 'Da',
    astronomicalunit: 'au',
    nauticalmile: 'M',
    angstrom: 'Å',
    bel: 'B',
    decibel: 'dB',
    neper: 'Np',
  }),
);
