/** Signs of our own, and what stands for them where a terminal has ASCII only. Marks and branches as systemd writes them. */
const FALLBACKS: ReadonlyMap<string, string> = new Map([
  ...([
    ['✓', '+'],
    ['✗', 'x'],
    ['│', '|'],
    ['─', '-'],
    ['┌', '+'],
    ['┐', '+'],
    ['└', '+'],
    ['├', '+'],
    ['┘', '+'],
    ['▼', 'v'],
    ['…', '...'],
    ['–', '-'],
    ['—', '--'],
    ['→', '->'],
    ['’', "'"],
    ['‘', "'"],
    ['“', '"'],
    ['”', '"'],
    ['„', '"'],
  ] as const),
  // Units, constants and formulas.
  ...([
    ['°', 'deg'],
    ['µ', 'u'],
    ['μ', 'u'],
    ['Ω', 'Ohm'],
    ['Ω', 'Ohm'],
    ['Å', 'Angstrom'],
    ['Å', 'Angstrom'],
    ['′', "'"],
    ['″', '"'],
    ['·', '*'],
    ['×', 'x'],
    ['±', '+/-'],
    ['√', 'sqrt'],
    ['≤', '<='],
    ['≥', '>='],
    ['π', 'pi'],
    ['σ', 'sigma'],
    ['ν', 'nu'],
    ['λ', 'lambda'],
    ['Φ', 'Phi'],
    ['Δ', 'Delta'],
    ['ħ', 'hbar'],
    ['ß', 'ss'],
  ] as const),
]);

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/**
 * Text in ASCII: signs by their fallback, letters without their accents, `?` for everything else. The result of a result is the
 * same, so a text may pass through this more than once.
 */
export function asciiOf(text: string): string {
  return isAscii(text)
    ? text
    : text
        .replaceAll(/└─(?!─)/g, '`-')
        .replaceAll(/├─(?!─)/g, '|-')
        .replaceAll(' · ', ' - ')
        .replaceAll(/[⁻⁺⁰¹²³⁴-⁹]+/g, (power) => `^${Array.from(power, plainDigit).join('')}`)
        .replaceAll(/\P{ASCII}/gu, (sign) => FALLBACKS.get(sign) ?? withoutAccents(sign));
}

function plainDigit(sign: string): string {
  return sign === '⁻' ? '-' : sign === '⁺' ? '+' : String(SUPERSCRIPTS.indexOf(sign));
}

function withoutAccents(sign: string): string {
  const plain = sign.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  return isAscii(plain) ? plain : '?';
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}

/**
 * Whether a reader has ASCII only: by TRACECAL_ASCII (`0` or empty: no), or by the locale, of which the first that is set counts. Where none
 * is set, as in most containers, terminals read UTF-8.
 */
export function wantsAscii(environment: NodeJS.ProcessEnv): boolean {
  const said = environment['TRACECAL_ASCII'] ?? '';
  if (said !== '') {
    return said !== '0';
  }
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].map((name) => environment[name] ?? '').find((value) => value !== '');
  return locale !== undefined && !/utf-?8/i.test(locale);
}
