/** Coefficients of Lanczos' approximation of the gamma function (g = 7, n = 9): a relative error below 1e-14. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;
const LANCZOS_G = 7;

const PRECISION = 1e-15;
const TINY = 1e-300;
const MOST_TERMS = 10_000;

/** Probability that a variable with an F distribution exceeds f. */
export function tailOfF(f: number, freedom: number, others: number): number {
  return f <= 0 ? 1 : betaShare(others / (others + freedom * f), others / 2, freedom / 2);
}

/** Probability that a variable with Student's distribution is farther from zero than t, on either side. */
export function tailsOfT(t: number, freedom: number): number {
  return tailOfF(t * t, 1, freedom);
}

/** Probability that a variable with a chi-square distribution exceeds x. */
export function tailOfChiSquare(x: number, freedom: number): number {
  return x <= 0 ? 1 : 1 - gammaShare(freedom / 2, x / 2);
}

/** Probability that a variable with a normal distribution is farther from its mean than so many standard deviations. */
export function tailsOfNormal(deviations: number): number {
  return tailOfChiSquare(deviations * deviations, 1);
}

/** Probability that a variable with a binomial distribution is at least so large. */
export function tailOfBinomial(successes: number, trials: number, chance: number): number {
  if (successes <= 0) return 1;
  return successes > trials ? 0 : betaShare(chance, successes, trials - successes + 1);
}

/** Probability that a variable with a Poisson distribution is at least so large. */
export function tailOfPoisson(count: number, expected: number): number {
  return count <= 0 ? 1 : gammaShare(count, expected);
}

/**
 * Student's t that is exceeded on either side with a probability.
 *
 * @example quantileOfT(0.05, 10) // 2.228
 */
export function quantileOfT(probability: number, freedom: number): number {
  return whereFalls((t) => tailsOfT(t, freedom), probability);
}

/**
 * F that is exceeded with a probability.
 *
 * @example quantileOfF(0.01, 3, 351) // 3.83
 */
export function quantileOfF(probability: number, freedom: number, others: number): number {
  return whereFalls((f) => tailOfF(f, freedom, others), probability);
}

/** The mean of a sample's standard deviation, as a share of the true one. */
export function biasOfDeviation(count: number): number {
  return Math.sqrt(2 / (count - 1)) * Math.exp(logGamma(count / 2) - logGamma((count - 1) / 2));
}

/** Where a falling function of a positive number has a value, by halving. */
function whereFalls(tail: (x: number) => number, probability: number): number {
  let high = 1;
  while (tail(high) > probability) high *= 2;
  let low = 0;
  for (let round = 0; round < 200 && high - low > PRECISION * high; round += 1) {
    const middle = (low + high) / 2;
    if (tail(middle) > probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

export function logGamma(x: number): number {
  const z = x - 1;
  const sum = LANCZOS.slice(1).reduce<number>(
    (total, coefficient, index) => total + coefficient / (z + index + 1),
    LANCZOS[0],
  );
  const base = z + LANCZOS_G + 0.5;
  return Math.log(2 * Math.PI) / 2 + (z + 0.5) * Math.log(base) - base + Math.log(sum);
}

/** The regularised incomplete gamma function P(a, x): a series where it converges fast, otherwise a continued fraction. */
function gammaShare(a: number, x: number): number {
  if (x <= 0) return 0;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x >= a + 1) {
    const fraction = continuedFraction(
      (n) => -n * (n - a),
      (n) => x + 2 * n + 1 - a,
    );
    return 1 - scale / fraction;
  }
  let [term, sum] = [1 / a, 1 / a];
  for (let n = 1; n < MOST_TERMS && term > sum * PRECISION; n += 1) {
    term *= x / (a + n);
    sum += term;
  }
  return scale * sum;
}

/** The regularised incomplete beta function: the probability that a variable with a beta distribution is at most x. */
function betaShare(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // It converges fast below the mean only, and is symmetrical.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaShare(1 - x, b, a);
  const scale = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  const fraction = continuedFraction(
    (n) => {
      const m = Math.floor(n / 2);
      return n % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    },
    () => 1,
  );
  return scale / (a * fraction);
}

/** b(0) + a(1) / (b(1) + a(2) / (b(2) + ...)), by Lentz's method. */
function continuedFraction(a: (n: number) => number, b: (n: number) => number): number {
  let value = b(0) || TINY;
  let [above, below] = [value, 0];
  for (let n = 1; n < MOST_TERMS; n += 1) {
    below = 1 / (b(n) + a(n) * below || TINY);
    above = b(n) + a(n) / above || TINY;
    const factor = above * below;
    value *= factor;
    if (Math.abs(factor - 1) < PRECISION) break;
  }
  return value;
}
